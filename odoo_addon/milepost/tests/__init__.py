from . import test_finance_pod
