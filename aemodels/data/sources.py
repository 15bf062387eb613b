"""What is known of a data set before it is read: names, classes, the hashes of its files."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """What is known of a data set.

    Attributes
    ----------
    title : str
        Its name in print.
    class_names : tuple of str
        The classes, by label: ten of a data set that comes with this project; none if the pictures
        of one's own have no labels.
    sha256 : dict
        The hashes of the four compressed files, by name.
    downloaded : tuple of str
        Which of them aren't in the repository.
    address : str
        The folder on the web where they are.
    noun, plural : str
        The noun for what one image shows, and its plural.
    example_digits : tuple of int
        The first test image of each class, by label; of one's own pictures ten test images, of ten
        classes where there are so many.
    train_count, test_count : int
        How many training and test images it has.
    pictures_sha256 : str
        Of one's own pictures: the SHA-256 of the four uncompressed files one behind another, with
        the training images first, then the training labels, the test images and the test labels.
    about : str
        Of one's own pictures: one sentence each on how they were brought to 28x28 pixels and split.
    """

    title: str
    class_names: tuple[str, ...]
    sha256: dict[str, str]
    downloaded: tuple[str, ...] = ()
    address: str = ""
    noun: str = "image"
    plural: str = "images"
    example_digits: tuple[int, ...] = ()
    train_count: int = 60_000
    test_count: int = 10_000
    pictures_sha256: str = ""
    about: str = ""

    @property
    def own(self) -> bool:
        """Whether the user has added it."""
        return bool(self.pictures_sha256)


SOURCES = {
    "mnist": Source(
        title="MNIST",
        class_names=tuple("0123456789"),
        noun="digit",
        plural="digits",
        example_digits=(3, 2, 1, 18, 4, 8, 11, 0, 61, 7),
        sha256={
            "train-images-idx3-ubyte.gz": "0b367032e93c5d0cea0925647cfdb18614af8ee15f83e6f2fc2ad904a6835971",  # noqa: E501
            "train-labels-idx1-ubyte.gz": "1787548bbe0bff1ec2ecdc0ef292b02df999e2d1a6002d27500982c652b17203",  # noqa: E501
            "t10k-images-idx3-ubyte.gz": "1a1a05eab793c14bb050b398624a11b0ffd1a2953baed553b1b9bd079e2a20be",  # noqa: E501
            "t10k-labels-idx1-ubyte.gz": "b91679a0acfe4ba0e50a2437a903084cba1f5f92592b016a25a7dfd00455798b",  # noqa: E501
        },
    ),
    "fashion-mnist": Source(
        title="Fashion-MNIST",
        class_names=(
            "T-shirt/top",
            "Trouser",
            "Pullover",
            "Dress",
            "Coat",
            "Sandal",
            "Shirt",
            "Sneaker",
            "Bag",
            "Ankle boot",
        ),
        noun="garment",
        plural="clothes",
        example_digits=(19, 2, 1, 13, 6, 8, 4, 9, 18, 0),
        sha256={
            "train-images-idx3-ubyte.gz": "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",  # noqa: E501
            "train-labels-idx1-ubyte.gz": "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",  # noqa: E501
            "t10k-images-idx3-ubyte.gz": "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",  # noqa: E501
            "t10k-labels-idx1-ubyte.gz": "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",  # noqa: E501
        },
        downloaded=("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"),
        address="http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
    ),
}
