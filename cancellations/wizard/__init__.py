"""The two wizards, Cancel Item and Cancel All, on formtools: views, forms and their words."""
