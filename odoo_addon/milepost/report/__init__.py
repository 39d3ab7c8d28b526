from . import milepost_punctuality
