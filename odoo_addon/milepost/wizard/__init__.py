from . import milepost_assign
