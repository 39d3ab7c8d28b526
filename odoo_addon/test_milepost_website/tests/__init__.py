from . import test_flows_website
