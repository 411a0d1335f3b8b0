"""One class per situation that a person has to be told about.

An error carries the details; its sentences live in `kit/texts/<lang>/errors.yaml`, by class name, so
that a participant, a trainer and a log line each get it in their own language.
"""

from __future__ import annotations

from kit.texts import default_language, say, section


class KitError(Exception):
    """Something that the person can act on: what happened, where, and what to do next."""

    def __init__(self, **details: object) -> None:
        super().__init__(details)
        self.details = details

    def __reduce__(self) -> tuple[object, ...]:
        """An error crosses processes with its details: a batch's worker, a cluster."""
        return _restored, (type(self), self.details)

    def tell(self, lang: str) -> str:
        """The whole message in `lang`."""
        return say(lang, f"errors.{type(self).__name__}", **self.details)

    def tell_people(self, lang: str) -> str:
        """The same for somebody in the room who cannot mend the machine: never where or what the store is."""
        name = type(self).__name__
        return say(lang, f"people.{name}") if name in section(lang, "people") else self.tell(lang)

    def tell_host(self, lang: str) -> str:
        """The same for whoever leads the workshop, who can have the machine mended: what to do, and still not where."""
        name = f"{type(self).__name__}_host"
        return say(lang, f"people.{name}") if name in section(lang, "people") else self.tell_people(lang)

    def __str__(self) -> str:
        return self.tell(default_language())


def _restored(kind: type[KitError], details: dict[str, object]) -> KitError:
    return kind(**details)


class UnknownLanguage(KitError):
    """`lang` is not one of the languages that exist (`known`)."""


class UnknownFormat(KitError):
    """`format` is none that a report can have (`known`)."""


class ContentFault(KitError):
    """A content file breaks a rule: `file`, `where` (an id), `fault` (a rule that `texts/*/check.yaml` tells, with what
    to do about it), the rule's own details, and `line` where it is known (0 where it is not)."""

    def tell(self, lang: str) -> str:
        """The whole message in `lang`."""
        known = {"line": 0, **self.details}
        rule = f"check.{known.pop('fault')}"
        line = f"{say(lang, 'check.line', line=known['line'])}, " if known["line"] else ""
        told = {"file": known["file"], "where": f"{line}{known['where']}"}
        told |= {part: say(lang, f"{rule}.{part}", **known) for part in ("fault", "mend")}
        return say(lang, "errors.ContentFault", **told)


class PartnersMissing(KitError):
    """A workshop is to name partner organizations, and none was said."""


class NothingToFollow(KitError):
    """A workshop is to go on with the one called `title`, and the two ask nothing of people who come again."""


class UnknownExercise(KitError):
    """No exercise is called `slug`; those `known` are named."""


class UnknownItem(KitError):
    """The exercise `exercise` has no item `item`."""


class AnswerRefused(KitError):
    """`item` cannot take this answer; of a row, `column` is the field that it is about, where it is about one."""


class TextTooLong(AnswerRefused):
    """A text of `length` characters where `limit` are allowed."""


class TextIdentifies(AnswerRefused):
    """A field of a row holds a `what`: a kind of contact detail, by its id in `disclosure.contact_kind`."""

    def tell(self, lang: str) -> str:
        """The whole message, with the kind of detail in the same language."""
        what = say(lang, f"disclosure.contact_kind.{self.details['what']}")
        return say(lang, "errors.TextIdentifies", **{**self.details, "what": what})


class TooManyRows(KitError):
    """The list `item` has `most` rows already."""


class EndsBeforeStart(AnswerRefused):
    """A row of a plan ends (`end`) before it starts (`start`)."""


class OngoingEnds(AnswerRefused):
    """A row of a plan is ongoing and has an `end`."""


class NothingDue(KitError):
    """A calendar was asked for, and no row of the plan has an end date."""


class PictureFailed(KitError):
    """A picture could not be drawn (`reason`)."""


class FileUnreadable(KitError):
    """A file that was brought along could not be read: `name`, `reason` (a sentence)."""


class FileRefused(KitError):
    """A file of answers cannot be used: `why` is the id of a sentence in `transfer.refused`, with its details."""

    def tell(self, lang: str) -> str:
        """The whole message, with the reason in the same language."""
        reason = say(lang, f"transfer.refused.{self.details['why']}", **self.details)
        return say(lang, "errors.FileRefused", **{**self.details, "reason": reason})


class ExerciseUnknownHere(KitError):
    """A file has answers to an exercise that this kit does not have (`slug`)."""


class KeyUnreadable(KitError):
    """What should be the private half of a session's key is none."""


class InvitationUnreadable(KitError):
    """A link for answers from home is not whole."""


class NowherePublished(KitError):
    """This copy of the kit does not know where its notebooks can be opened."""


class TooManyFiles(KitError):
    """More files at once than one batch can hold (`most`)."""


class UnknownBatch(KitError):
    """No batch of files is called `batch` in this session."""


class BatchBuiltUpon(KitError):
    """A batch cannot be taken back before `later`, which changed some of the same people's answers."""


class StaysOnDevice(AnswerRefused):
    """A journal entry was sent; it must never leave the device."""


class EntryStaysOnDevice(AnswerRefused):
    """An entry of a list was sent that is not marked for others; it must never leave the device."""


class EntryIncomplete(AnswerRefused):
    """An entry of a list needs a type and a name."""


class ShelterHasNoPage(AnswerRefused):
    """An entry for a shelter or transition house came with a way to find it."""


class PageRefused(AnswerRefused):
    """What stands in a field for a public web page is none, or leads to a person or a place on a map."""


class LineRefused(AnswerRefused):
    """What stands in a field for a service's public line is no such number, or more than one."""


class NothingPublic(KitError):
    """A file of public entries was asked for, and no entry is public."""


class NothingReleased(KitError):
    """A file of the group's list was asked for, and no entry of it may be shown."""


class ExerciseClosed(KitError):
    """The facilitator has not opened, or has closed, `exercise`."""


class SessionClosed(KitError):
    """The session is over; nothing more is taken."""


class DoorLocked(KitError):
    """The facilitator has locked the door: nobody new comes in."""


class ReopenTooLate(KitError):
    """The session `title` was ended on an earlier day, and stays so."""


class StillRuns(KitError):
    """The session `title` (`code`) has not ended, so its answers stay."""


class AnswersGone(KitError):
    """The answers of the session `title` were removed; its results stay as they are."""


class StaleAnswer(KitError):
    """`item` holds a newer answer (`revision`, `value`) than the one that was sent."""


class UnknownCode(KitError):
    """No open session has this join code."""


class UnknownCard(KitError):
    """No seat of this session has these words."""


class UnknownFirstCard(UnknownCard):
    """No seat of the first workshop of this series has these words."""


class TooManyTries(KitError):
    """Codes or cards are being guessed; wait `seconds`."""


class NoSeat(KitError):
    """The seat is not known here: never taken, moved to another device, or erased."""


class NoCookie(KitError):
    """A form came from a browser that keeps no cookie, or from another site."""


class RoomFull(KitError):
    """The machine runs as many participant pages (`limit`) as it can."""


class UnknownStory(KitError):
    """No story is called `story`, and no folder either; those `known` are named."""


class UnknownAgenda(KitError):
    """No agenda is called `agenda`, and no folder of that name holds one; the kit's own are `known`."""


class NoAgenda(KitError):
    """The workshop `title` follows no agenda, or its answers were removed and its agenda with them."""


class UnknownRegion(KitError):
    """No regional pack is called `region`; those `known` are named, and `folder` is where one's own lie."""


class UnknownGuide(KitError):
    """No guide is called `guide`; those `known` are named."""


class MistypedGuide(UnknownGuide):
    """No guide is called `guide`, and `nearest` is like it."""


class GatheringFailed(KitError):
    """What an installation without the internet needs could not be fetched (`reason`)."""


class PartMissing(KitError):
    """A part of the kit that is installed on demand is not there: what for (`what`), and how (`install`)."""


class AlreadyThere(KitError):
    """The file `file` is there already and says something else."""


class ChoiceNeeded(KitError):
    """A form came without a choice that it needs (`what`)."""


class UnknownSession(KitError):
    """No session `session` in this store."""


class WrongKey(KitError):
    """The facilitator's key does not fit this session."""


class KeyEnded(WrongKey):
    """This browser's facilitator's link has been ended, or its session is gone."""


class LinkUsed(WrongKey):
    """This facilitator's link (`kind`: lead, second or wall) has been opened already; each opens once."""


class TooManyLinks(KitError):
    """A session has as many links of one kind as it can (`most`)."""


class TicketUsed(KitError):
    """The way in from this machine was used already, or is too old."""


class WrongOption(KitError):
    """An option has a value that it cannot take: `option`, `value`, `allowed`."""


class ClusterAway(KitError):
    """No cluster that works was found at `address`: `reason`."""


class ClusterDiffers(KitError):
    """A worker of the cluster has the kit in version `there`, and this machine in `here`, or with other exercises."""


class StoreMissing(KitError):
    """There is no store at `where`, and none is made where only reading makes sense."""


class StoreTooNew(KitError):
    """The store `where` was written by a newer kit (`found`)."""


class StoreUnwritable(KitError):
    """The store `where` cannot be written (`reason`)."""


class StoreAway(StoreUnwritable):
    """The database `where` does not answer (`reason`); it may be back at any moment."""


class StoreFull(KitError):
    """The disk that holds the store `where` is full."""


class PortInUse(KitError):
    """Another program listens on `port`."""


class FolderUnwritable(KitError):
    """`folder` cannot be written (`reason`)."""


class ThemeFault(KitError):
    """A theme (`file`) cannot be used: `why` is the id of a sentence in `report.theme`, `key` the line it is of."""

    def tell(self, lang: str) -> str:
        """The whole message, with the reason in the same language."""
        reason = say(lang, f"report.theme.{self.details['why']}", **self.details)
        return say(lang, "errors.ThemeFault", **{**self.details, "reason": reason})


class ReportFailed(KitError):
    """The report of `session` could not be made (`reason`)."""


class RehearsalFailed(KitError):
    """A simulated participant met something unexpected (`reason`)."""


class PracticeAmongOthers(KitError):
    """Simulated people were to be kept in a store that holds workshops."""


class PeopleAreHere(KitError):
    """Simulated people were to come into a workshop where somebody (`n`) is already."""
