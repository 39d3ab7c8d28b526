{
    "name": "Test: Milepost Extension",
    "summary": "What another addon can add to Milepost without patching it",
    "version": "19.0.1.0.0",
    "category": "Hidden/Tests",
    "author": "Milepost",
    "license": "LGPL-3",
    "depends": ["milepost_billing"],
    "installable": True,
}
