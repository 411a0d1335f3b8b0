"""What the tests share: a running workshop, devices that visit it, processes that are counted."""
