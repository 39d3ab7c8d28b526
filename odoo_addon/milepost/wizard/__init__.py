from . import (
    milepost_assign,
    milepost_assign_line,
    milepost_pod_reject,
    milepost_pod_stop,
    milepost_split,
    milepost_tell,
)
