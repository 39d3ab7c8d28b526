{
    "name": "Test: Milepost Website Orders",
    "summary": "Orders that customers place in a web shop, from the cart to the posted invoice",
    "version": "19.0.1.0.0",
    "category": "Hidden/Tests",
    "author": "Milepost",
    "license": "LGPL-3",
    "depends": ["milepost_billing", "website_sale_stock"],
    "installable": True,
}
