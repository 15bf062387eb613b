"""Pictures from elsewhere, turned into a data set of one's own, which is then known by its name.

    from aemodels import data, pictures
    pictures.add("kuzushiji", "Downloads/kmnist")     # IDX files, .npz, CSV, a folder of pictures
    kuzushiji = data.load("kuzushiji")

Nothing is trusted: sizes are checked before reading, no format may hold code, links are refused.
"""

from aemodels.pictures.add import add
from aemodels.pictures.raw import PicturesError
from aemodels.pictures.upload import Upload, add_uploaded

__all__ = ["PicturesError", "Upload", "add", "add_uploaded"]
