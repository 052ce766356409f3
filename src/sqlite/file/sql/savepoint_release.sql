release operation
