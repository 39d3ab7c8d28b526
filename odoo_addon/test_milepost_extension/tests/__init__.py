from . import test_extension, test_other_provider
