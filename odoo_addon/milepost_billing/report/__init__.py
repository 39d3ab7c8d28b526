from . import milepost_shadow
