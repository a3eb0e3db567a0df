"""Every published file read a second time, without the product, to judge what the product reads."""
