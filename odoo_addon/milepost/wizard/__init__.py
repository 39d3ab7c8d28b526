from . import milepost_assign, milepost_assign_line, milepost_split
