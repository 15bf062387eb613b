"""CUDA graphs: the kernels of a function, recorded once and started again as one.

https://docs.pytorch.org/docs/stable/notes/cuda.html#cuda-graphs
"""

from collections.abc import Callable

import torch


class CaptureError(Exception):
    """The function does something that no graph can hold, such as reading a number."""


def record(work: Callable[[], object], noise: torch.Generator) -> Callable[[], None]:
    """Record the kernels that `work` starts, without running them; returns what runs them.

    Each run draws anew from `noise`, as `work` itself would. `work` must have been called before,
    so that all its kernels are loaded, and its tensors stay where they were while it was recorded.
    Raises CaptureError, after which PyTorch is as before, and torch.OutOfMemoryError.
    """
    graph, stream = torch.cuda.CUDAGraph(), torch.cuda.current_stream()
    recording = torch.cuda.Stream(noise.device)  # type: ignore[no-untyped-call]
    graph.register_generator_state(noise)
    try:
        # Only this thread must keep to what can be recorded; others may use the GPU.
        with torch.cuda.graph(graph, stream=recording, capture_error_mode="thread_local"):
            work()
    except (RuntimeError, ValueError) as error:
        torch.cuda.set_stream(stream)
        for generator in (noise, torch.cuda.default_generators[noise.device.index or 0]):
            # Otherwise it would wait for the end of the recording forever.
            generator.graphsafe_set_state(generator.clone_state())
        # What ends a recording fails as well, and hides why.
        first = error.__context__ or error
        if isinstance(first, torch.OutOfMemoryError):
            raise first from None
        raise CaptureError(str(first).partition("\n")[0]) from error
    # Before it records, PyTorch sets the noise's offset to 0 in the stream that it records in. On a
    # busy GPU that could come after the first replay has set it, whose noise would be drawn twice.
    stream.wait_stream(recording)
    return graph.replay
