"""What runs inside a kernel: the pages that it holds, and the line to the server on which all of them travel."""
