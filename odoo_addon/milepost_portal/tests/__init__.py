from . import (
    test_carrier,
    test_customers,
    test_notice,
    test_portal,
    test_portal_security,
    test_reminder,
    test_send,
    test_sign,
    test_sign_authority,
    test_uploads,
)
