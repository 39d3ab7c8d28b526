from . import milepost_demo
