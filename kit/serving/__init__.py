"""The front door, the Voila application behind it, its pages and its kernels."""
