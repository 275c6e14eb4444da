"""What the pages' scripts say, in the reader's language."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

Texts = dict[str, str | dict[str, str]]


def _times() -> Texts:
    return {
        "hour": _("%(hour)s:%(minute)s"),
        "full_hour": _("%(hour)s:00"),
        "quoted": _("“%s”"),
        "hours": _("h"),
        "minutes": _("min"),
        "seconds": _("s"),
    }


def _connection() -> Texts:
    return {
        "offline": _("Offline"),
        "scheduled": _("To come"),
        "open": _("Live"),
        "paused": _("Paused"),
        "closed": _("Closed"),
        "retrying": _("Trying again in %(n)s s."),
        "retrying_kept": _("Trying again in %(n)s s; your question will leave when we are back."),
        "connecting": _("Connecting…"),
        "viewers": {
            "one": ngettext("%(n)s connected", "%(n)s connected", 1),
            "other": ngettext("%(n)s connected", "%(n)s connected", 2),
        },
    }


def room() -> Texts:
    """For `static/js/room.js`."""
    return {
        **_times(),
        **_connection(),
        "new_answers": {
            "one": ngettext("%(n)s new answer", "%(n)s new answers", 1),
            "other": ngettext("%(n)s new answer", "%(n)s new answers", 2),
        },
        "wondered": {
            "one": ngettext("%(n)s person wondered", "%(n)s people wondered", 1),
            "other": ngettext("%(n)s person wondered", "%(n)s people wondered", 2),
        },
        "me_too": {
            "one": ngettext("Me too, %(n)s person", "Me too, %(n)s people", 1),
            "other": ngettext("Me too, %(n)s person", "Me too, %(n)s people", 2),
        },
        "all": _("All"),
        "your_question": _("Your question"),
        "corrected": _("Corrected since"),
        "before_the_end": _("before the end"),
        "closed_at": _("closed"),
        "opens_on": _("The room opens on"),
        "opens_in": _("The room opens in"),
        "a_moment": _("A moment more"),
        "opens_shortly": _("The room opens in a few instants"),
        "your_hour": _("Where you are: %(hour)s."),
        "is_open": _("The room is open."),
        "is_paused": _("The room is paused."),
        "is_closed": _("The room is closed."),
        "announcement": _("Announcement: %(text)s"),
        "kept": _("Kept on this device. Nothing has left."),
        "leaves_later": _("Kept on this device; it leaves as soon as the connection is back."),
        "sending": _("Sending…"),
        "send": _("Send my question"),
        "sent": _("Your question is with the moderators."),
        "mine_answered": _("Your question has its answer: “%(text)s”"),
        "mine_published": _("Your question is published: “%(text)s”"),
        "slow_mode": _("Slow mode: one question each %(time)s."),
        "slow_wait": _("Slow mode: your next question may leave in %(time)s."),
        "is_free": _("Slow mode is over."),
        "source": _("Source: %(source)s"),
        "more_on_it": _("Read where this was said"),
        "empty": _("Write your question first."),
        "too_long": _("Shorten your question by %(n)s characters."),
        "unavailable": _("This did not work. Try again."),
        "state_kept": _("Kept on this device, not sent yet"),
        "state_answered": _("Answered"),
        "state_merged": _("Grouped with a question already asked"),
        "state_rejected": _("Not kept"),
        "state_withdrawn": _("Withdrawn by the moderators"),
        "state_assigned": _("Passed on to %(name)s"),
        "state_published": _("Published, waiting for an answer"),
        "state_asked": _("Being read by the moderators"),
        "mine_rejected": _("Your question was not kept: “%(text)s” %(reason)s"),
        "mine_merged": _("Your question was grouped with one already asked: “%(text)s”"),
        "new_answer": _("New answer: “%(text)s”"),
        "new_questions": {
            "one": ngettext("%(n)s new question", "%(n)s new questions", 1),
            "other": ngettext("%(n)s new question", "%(n)s new questions", 2),
        },
        "other_questions": _("Other questions"),
        "wait_already": {
            "one": ngettext("%(n)s question waits already.", "%(n)s questions wait already.", 1),
            "other": ngettext("%(n)s question waits already.", "%(n)s questions wait already.", 2),
        },
        "before_yours": {
            "one": ngettext("%(n)s before yours.", "%(n)s before yours.", 1),
            "other": ngettext("%(n)s before yours.", "%(n)s before yours.", 2),
        },
        "one_in": _("1 in %(k)s gets an answer of its own."),
        "answer_by_mail": _("Receive the answer by mail"),
        "correct_it": _("Correct"),
        "do_not_send": _("Do not send it"),
        "already": {"one": _("Perhaps answered already"), "other": _("Perhaps answered already")},
        "read_there": _("See it where it was said"),
        "personal_phone": _("A phone number, %(text)s: the whole room would read it."),
        "personal_email": _("An e-mail address, %(text)s: the whole room would read it."),
        "masked_phone": _("[number masked]"),
        "masked_email": _("[address masked]"),
        "send_masked": _("Send it, masked"),
        "line_socket": _("Connected directly: answers arrive as they are published."),
        "line_poll": _("Your network blocks direct connections: answers arrive by regular requests, a little later."),
        "read_answer": _("Read the answer"),
        "follow_it": _("Follow that one"),
    }


def console() -> Texts:
    """For `static/js/console.js`."""
    return {
        **_times(),
        **_connection(),
        "before_the_end": _("before the end"),
        "before_it_opens": _("before it opens"),
        "closed_at": _("closed"),
        "votes": {
            "one": ngettext("%(n)s vote", "%(n)s votes", 1),
            "other": ngettext("%(n)s vote", "%(n)s votes", 2),
        },
        "newer": {
            "one": ngettext("%(n)s more recent", "%(n)s more recent", 1),
            "other": ngettext("%(n)s more recent", "%(n)s more recent", 2),
        },
        "nth_question": _("question %(n)s of this person"),
        "waits_since": _("waiting for %(time)s"),
        "waiting_with": {
            "one": ngettext("%(n)s waiting", "%(n)s waiting", 1),
            "other": ngettext("%(n)s waiting", "%(n)s waiting", 2),
        },
        "with": _("with %(name)s"),
        "published_at": _("published at %(hour)s"),
        "in_queue": _("in the queue"),
        "until": _("until %(hour)s"),
        "near_another": _("Near another one"),
        "reads_it": _("%(name)s is reading it"),
        "types_for_you": _("%(name)s types for you."),
        "flag_word": _("Watched word"),
        "flag_link": _("Link"),
        "flag_personal": _("Personal data"),
        "redacted": _("Redacted"),
        "burst": _("%(n)s votes at once, from people never seen before"),
        "as_asked": _("As asked: %(text)s"),
        "diverted": _("in the flood lane"),
        "flood_alike": _("Many questions alike at once: they queue apart until %(hour)s."),
        "flood_one": _("One person asks without pause: these questions queue apart until %(hour)s."),
        "let_pass": _("Let them pass"),
        "suggested": _("suggested"),
        "like_published": _("A question near it is published already"),
        "like_waiting": _("A question near it waits too"),
        "like_answered": _("This was answered already"),
        "this_one": _("This one, %(votes)s"),
        "merge_votes": _("Merge, %(votes)s"),
        "keep_both": _("Keep both"),
        "answer_with_it": _("Answer with this"),
        "paragraph": _("Approved paragraph"),
        "says": f"%(name)s{pgettext('after a label', ':')} %(text)s",
        "declined": _("declined"),
        "you": _("You"),
        "seen_by": _("seen by %(names)s"),
        "pace_asked": _("a minute: %(asked)s asked, %(answered)s answered"),
        "pace_grows": _("%(handled)s handled, the queue grows"),
        "pace_shrinks": _("%(handled)s handled, the queue shrinks"),
        "pace_holds": _("%(handled)s handled, the queue holds"),
        "pace_oldest": _("the oldest waits for %(time)s"),
        "pace_forecast": {
            "one": ngettext("%(n)s left at the end at this pace", "%(n)s left at the end at this pace", 1),
            "other": ngettext("%(n)s left at the end at this pace", "%(n)s left at the end at this pace", 2),
        },
        "checked": _("checked on %(day)s"),
        "insert": _("Insert"),
        "others_more": {
            "one": ngettext("%(n)s other", "%(n)s others", 1),
            "other": ngettext("%(n)s other", "%(n)s others", 2),
        },
        "nothing_near": _("Nothing near it was answered in this room yet."),
        "muted": _("muted"),
        "no_topic": _("No topic"),
        "edit": _("Correct"),
        "corrected": _("Corrected since"),
        "publish_answer": _("Publish the answer"),
        "publish_mine": _("Publish my answer"),
        "publish_correction": _("Publish the correction"),
        "open_room": _("Open"),
        "go_on": _("Go on"),
        "away_since": _("away since %(hour)s"),
        "away_twice": _("%(name)s is away for a while. Press once more to pass it on all the same."),
        "you_are_away": _(
            "You are away since %(hour)s: the team sees it, and nothing is passed on to you without knowing."
        ),
        "is_away": _("%(name)s is away since %(hour)s."),
        "close_twice": _("Closing ends the room for everybody. Press once more to close."),
        "done": {
            "publish": _("Question published."),
            "reject": _("Question declined."),
            "assign": _("Question passed on."),
            "assign_shown": _("Question published and passed on."),
            "tag": _("Topic changed."),
            "merge": _("Questions merged."),
            "withdraw": _("Question withdrawn."),
            "answer": _("Answer published."),
            "edit_answer": _("Correction published."),
            "announce": _("Announcement published."),
            "mute": _("Done."),
            "divert": _("Done."),
            "undo": _("Taken back."),
            "elsewhere": _("Answered with what was said already."),
            "redact": _("Question redacted."),
            "release": _("Into the main queue."),
            "slow": _("Pace changed."),
            "shield": _("Shield changed."),
            "calm": _("Back in the main queue."),
            "screen": _("Screen changed."),
            "note": _("Said backstage."),
            "pass": _("Question passed back."),
            "away": _("The team sees it."),
            "open": _("The room is open."),
            "pause": _("The room is paused."),
            "close": _("The room is closed."),
        },
        "unsent": _("Not sent yet: the connection is cut. It will leave when we are back."),
        "not_allowed": _("You are no longer on this room's staff list, or your session has ended."),
        "nothing_waits": _("Nothing waits."),
        "nothing_in_share": _("Nothing waits in your share."),
        "nothing_here": _("Nothing here yet."),
        "further": {
            "one": ngettext("%(n)s more below", "%(n)s more below", 1),
            "other": ngettext("%(n)s more below", "%(n)s more below", 2),
        },
        "empty_answer": _("Write the answer first."),
        "personal_answer": _(
            "The question holds what looks like a number or an address, and shows in these words. Redact it first, or"
            " press once more to publish both as they are."
        ),
        "is_public": _("This question is published already: withdraw it instead."),
        "nth_of": _("%(n)s of %(all)s"),
    }


def screen() -> Texts:
    """For `static/js/screen.js`."""
    return {
        **_times(),
        **_connection(),
        "before_the_end": _("before the end"),
        "nothing_shown": _("The first answer will stand here."),
        "ask_yours": _("Ask yours, without an account"),
        "answers_stay": _("All answers stay there"),
        "left": _("%(time)s left"),
        "asked_by": {
            "one": ngettext("%(name)s, %(n)s vote", "%(name)s, %(n)s votes", 1),
            "other": ngettext("%(name)s, %(n)s vote", "%(name)s, %(n)s votes", 2),
        },
        "answers": _("is answering"),
    }
