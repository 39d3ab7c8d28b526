from . import milepost_punctuality, milepost_service_level
