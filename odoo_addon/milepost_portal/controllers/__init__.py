from . import carrier, notices, portal, sign
