"""The kit as a service of a JupyterHub that exists already: add this to its `jupyterhub_config.py`.

The hub's proxy leads /services/workshop/ to it. Participants need no account: the service asks nobody to log in, and
the kit's own seats and keys guard its pages. The hub's proxy speaks from this machine, so it is believed.
"""

c = get_config()  # noqa: F821

HUB = "https://hub.example.org"

c.JupyterHub.services = [
    {
        "name": "workshop",
        "url": "http://127.0.0.1:8866",
        "command": [
            "kit", "serve", "--host", "127.0.0.1", "--port", "8866",
            "--address", f"{HUB}/services/workshop", "--behind-proxy",
        ],
        # KIT_STORE of the hub's own environment, so that no password stands in this file.
        "environment": {name: value for name, value in __import__("os").environ.items() if name == "KIT_STORE"},
    }
]
