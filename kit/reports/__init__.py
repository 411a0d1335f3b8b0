"""Reports: what was revealed in a workshop, as one accessible HTML file that partners can act on."""

from __future__ import annotations

from kit.reports.batch import ReportOutcome, make_reports
from kit.reports.make import make_report

__all__ = ["ReportOutcome", "make_report", "make_reports"]
