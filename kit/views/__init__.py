"""What participants see: widgets of plain ES modules, and HTML made of a Summary."""
