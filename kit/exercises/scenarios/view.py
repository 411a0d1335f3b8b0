"""The scenarios' own view: stories, one scene at a time, or the scene to which the room was brought."""

from __future__ import annotations

import traitlets

from kit.views.form import FormView


class View(FormView):
    """A `FormView` whose page walks through stories; its choices are saved as every form's answers are."""

    stage = traitlets.Unicode("").tag(sync=True)

    def set_stage(self, stage: str) -> None:
        """Bring the page to one scene ("<story>.<scene>"), or let it go on at its own pace."""
        self.stage = stage
