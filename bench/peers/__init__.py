"""The same worksheet in tools that serve many people from one process: Solara, Panel, Streamlit.

Each has an environment of its own, made from its pinned list when it is first needed, in the user's cache folder.
None of them is a dependency of the kit.
"""
