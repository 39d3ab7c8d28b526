from . import milepost_punctuality, milepost_shadow
