"""The sentences that the room's program shows; what stands in braces it fills in itself."""

from django.utils.translation import gettext as _


def words(other: str = "") -> dict[str, str]:
    return {
        **_waiting(),
        **_states(),
        **_line(),
        **_devices(),
        **_chat(),
        **_spoken(),
        **_together(),
        **_time(),
        **_card(),
        **_trust(),
        **_over(),
        **plan_words(),
        **_lost(),
        **_filters(),
    }


def _waiting() -> dict[str, str]:
    return {
        "wait_connecting": _("Taking you to your seat"),
        "wait_here": _("{name} is here and getting ready"),
        "wait_not_yet": _("{name} is not here yet"),
        "wait_elsewhere": _("{name} is still in another session and will be about {minutes} minutes late"),
        "wait_late": _("{name} is not here yet; {minutes} minutes have passed since the start"),
        "wait_starts_in": _("The session starts at {time}, in {minutes} minutes. You need do nothing."),
        "wait_starts_soon": _("The session starts at {time}, in a minute. You need do nothing."),
        "wait_started": _("The session was to start at {time}. Your seat stays."),
        "hall_waits": _("{name} is waiting"),
        "hall_since": _("Here since {time}."),
        "hall_nobody": _("{name} is not here yet"),
        "hall_nobody_text": _("You will hear a soft tone when {name} comes."),
        "title_waiting": _("Someone is waiting"),
        "verdict_picture": _("The line of {name} carries picture and sound."),
        "verdict_voice": _("The line of {name} carries sound; the picture may be small or absent."),
        "verdict_text": _("The line of {name} carries text only."),
        "hall_level_5": _("The line of {name} will hold picture and sound."),
        "hall_level_4": _("The line of {name} will hold sound and a small picture."),
        "hall_level_3": _("The line of {name} will hold the voice, with a still picture now and then."),
        "hall_level_2": _("The line of {name} will hold the voice, without a picture."),
        "hall_level_1": _("The line of {name} will hold spoken messages and text."),
        "hall_level_0": _("The line of {name} will hold text."),
        "hall_data": _("About {mb} MB for the session."),
        "fetch_failed": _("This could not be fetched. Open the page again to try once more."),
    }


def _states() -> dict[str, str]:
    return {
        "state_lost": _("The connection was lost. Your seat stays. We are trying again."),
        "state_server_lost": _("You still hear and see each other. What you write follows as soon as the connection is back."),
        "state_saving_later": _("Saving takes longer than usual. What you wrote is kept here and follows."),
        "state_other_stopped": _("{name} stopped sound and picture, because the four words differed."),
        "state_other_gone": _("{name} lost the connection. The seat stays, and we are trying again."),
        "state_other_gone_for": _("The line of {name} has been gone for {seconds} seconds. The seat is kept, and we are trying again."),
        "state_other_frozen": _("The picture of {name} stands still. The sound goes on."),
        "state_other_phone": _("{name} is on the telephone or another program has the microphone."),
        "state_silence": _("It is quiet. The line is fine."),
        "state_mic_taken": _("A telephone call or another program has your microphone. Continue when you can."),
        "hint_cut": _(
            "Something came from the browser of {name} that this page does not take. Still pictures, spoken notes, the board and "
            "files are off for now. Sound, picture and messages go on."
        ),
        "hint_pauses": _("Words take about half a second to arrive on this line. Leave longer pauses; silence is not a sign."),
        "state_other_left": _("{name} has left the room. The seat stays."),
        "state_relay_away": _(
            "The connection goes through the practice's relay alone, and it does not answer. Your seat stays, and you can write "
            "meanwhile."
        ),
        "state_unsteady": _("Sound and picture are stuck. We are looking for another way."),
        "state_joining": _("Connecting sound and picture."),
        "state_again": _("Connecting sound and picture again."),
        "state_mic_ended": _("Your microphone has stopped. Press the microphone to turn it on again."),
        "state_other_mic_ended": _("The microphone of {name} has stopped. Write a line."),
        "state_other_mic_none": _("{name} has no microphone. Write to each other."),
        "state_other_muted": _("{name} has muted the microphone."),
        "state_other_hidden": _("{name} is looking at something else on the device."),
    }


def _line() -> dict[str, str]:
    return {
        "level_0": _("Only text is sent just now."),
        "level_1": _("You speak in messages just now."),
        "level_2": _("Your voice is sent, without a picture."),
        "level_3": _("Your voice is sent, and a still picture now and then."),
        "level_4": _("Your voice and a small picture are sent."),
        "level_5": _("Your voice and your picture are sent."),
        "line_data": _("about {mb} MB an hour"),
        "line_data_now": _("At present about {mb} MB an hour, both ways."),
        "picture_coming": _("The picture of {name} is on its way."),
        "picture_off": _("{name} is here by sound."),
        "picture_stills": _("The line carries the voice and a still picture now and then. More comes by itself when it can."),
        "picture_voice": _("The line carries the voice just now. The picture comes back by itself when it can."),
        "picture_notes": _("The line is too thin to talk live. Speak a message; it arrives whole."),
        "picture_text": _("The line carries text just now. Write; nothing is lost."),
        "picture_text_wished": _("Text only, as wished. You can write to each other."),
        "picture_wished_here": _("Without a moving picture, as you chose."),
        "picture_wished_there": _("{name} chose to do without a moving picture. You hear each other as before."),
    }


def _devices() -> dict[str, str]:
    return {
        "device_ask": _("Your browser will ask whether it may use the camera and the microphone."),
        "device_asking": _("Opening camera and microphone. Your browser may be asking you."),
        "device_ready": _("Sound and picture are ready, and nobody sees them yet."),
        "device_unsupported": _("This browser cannot make calls. Writing works; Chrome, Firefox or Safari can do more."),
        "device_both_refused": _("Camera and microphone are not allowed. You can listen and write. To change it, press the lock beside the address."),
        "device_both_busy": _("Another program is using the camera and the microphone. Close it, then turn them on here."),
        "device_both_none": _("No camera and no microphone were found. You can listen and write."),
        "device_mic_refused": _("The microphone is not allowed. To change it, press the lock beside the address."),
        "device_mic_busy": _("Another program is using the microphone. Close it, then turn it on here."),
        "device_mic_none": _("No microphone was found. You can listen and write."),
        "device_cam_refused": _("The camera is not allowed. The session goes on with sound alone."),
        "device_cam_busy": _("Another program is using the camera. The session goes on with sound alone."),
        "device_cam_none": _("No camera was found. The session goes on with sound alone."),
        "mic_mute": _("Mute"),
        "mic_unmute": _("Unmute"),
        "cam_off": _("Picture off"),
        "cam_on": _("Picture on"),
        "pick_number": _("Device {n}"),
        "share_start": _("Show my screen"),
        "share_stop": _("Stop showing my screen"),
        "self_show": _("Show my own picture"),
        "self_hide": _("Hide my own picture"),
    }


def _chat() -> dict[str, str]:
    return {
        "chat_me": _("You"),
        "chat_waiting": _("On its way; kept here until it arrives."),
        "chat_refused": _("Could not be sent as it is."),
        "chat_take_back": _("Take it back to change it"),
        "chat_unread": _("{n} new"),
    }


def _spoken() -> dict[str, str]:
    return {
        "spoken_speak": _("Speak a message"),
        "spoken_stop": _("Send, {time}"),
        "spoken_recording": _("You are being recorded. Press again to send it."),
        "spoken_recording_held": _("You are being recorded and are not heard live meanwhile. Press again to send it."),
        "spoken_short": _("That was too short. Hold the button while you speak, or press once to begin and once to send."),
        "spoken_no_microphone": _("The microphone could not be opened. Write instead, or allow it by the lock beside the address."),
        "spoken_touch": _("A message is here. Press to hear it."),
        "spoken_other": _("{name} is speaking a message."),
        "spoken_arriving": _("A message from {name} is arriving."),
        "spoken_not_lasting": _("This browser keeps nothing. Leave this page open until your message has been heard."),
        "spoken_line": _("{who}, {seconds} s. {status}"),
        "spoken_waiting": _("Kept here; it goes out when the line allows."),
        "spoken_sending": _("On its way, {percent} %."),
        "spoken_sent": _("Arrived."),
        "spoken_heard": _("Heard."),
        "spoken_new": _("Not heard yet."),
        "spoken_playing": _("Playing."),
        "spoken_broken": _("This browser cannot play it."),
        "spoken_play": _("Hear it"),
        "spoken_again": _("Hear it again"),
        "spoken_pause": _("Stop"),
        "spoken_take_back": _("Take it back"),
    }


def _together() -> dict[str, str]:
    return {
        "file_line": _("{file}, {size}"),
        "file_kb": _("{n} kB"),
        "file_mb": _("{n} MB"),
        "file_news": _("File"),
        "file_offered_mine": _("{name} is asked whether to take it."),
        "file_offered_theirs": _("{name} would like to give you this file."),
        "file_moving": _("On its way, {percent} %."),
        "file_thin": _("The line is too thin for a file just now. It waits and goes on by itself."),
        "file_checking": _("Being checked."),
        "file_whole_mine": _("Arrived."),
        "file_whole_theirs": _("It is on this page only, for half an hour at most. Save it to keep it."),
        "file_declined_mine": _("{name} did not take it."),
        "file_declined_theirs": _("Not taken."),
        "file_broken": _("It arrived damaged and was thrown away. It can be sent once more."),
        "file_wrong": _("It is not what it was said to be, and was thrown away."),
        "file_gone": _("It is no longer there to be sent."),
        "file_expired": _("The half hour is over; it is no longer kept here."),
        "file_accept": _("Take it"),
        "file_decline": _("No, thank you"),
        "file_stop": _("Stop"),
        "file_take_back": _("Take it back"),
        "file_save": _("Save"),
        "file_large": _("{name} is larger than 10 MB and cannot be sent here."),
        "file_kind": _("{name} cannot be sent here. Pictures (JPEG, PNG, WebP), PDF, plain text and Word files (DOCX) can."),
        "file_many": _("Twelve files is all that a session holds."),
        "file_unread": _("{name} could not be read on this device. Choose it once more."),
        "board_label": _("The board: {mine} lines are yours, {theirs} are from {name}."),
        "board_full": _("The board is full. Remove some of your lines to go on."),
    }


def _time() -> dict[str, str]:
    return {
        "clock_before": _("{minutes} min to the start"),
        "clock_left": _("{minutes} min left"),
        "clock_over": _("The time is over"),
        "cue_15": _("Fifteen minutes left."),
        "cue_10": _("Ten minutes left. The closing card is ready to be filled in."),
        "cue_5": _("Five minutes left."),
    }


def _card() -> dict[str, str]:
    return {
        "saved": _("Saved."),
        "saving": _("Saving."),
        "saving_later": _("Not saved yet. It is kept here and sent again."),
        "card_point": _("Point {n}"),
        "card_task": _("Task {n}"),
        "card_day": _("Day of task {n}"),
        "card_next_none": _("Not agreed yet"),
        "card_added": _("Added by {name}, {time}"),
        "card_accepted": _("You accepted this card at {time}."),
        "card_accepted_by": _("Accepted at {time}."),
        "card_not_kept": _("This did not arrive. Your words are still here; press again."),
    }


def _trust() -> dict[str, str]:
    return {
        "trust_none": _("Not connected yet"),
        "trust_none_text": _("The four words come once the two browsers are connected."),
        "trust_open": _("Encrypted, not yet checked"),
        "trust_running_text": _("The two browsers are agreeing on four words. This takes a moment."),
        "trust_read_counsellor": _("Read the first two words aloud; {name} answers with the last two. Are all four the same on both screens?"),
        "trust_read_client": _("{name} reads the first two words aloud; you answer with the last two. Are all four the same on both screens?"),
        "trust_theirs_text": _("{name} says that they match."),
        "trust_mine_text": _("You say that they match. {name} has not answered yet."),
        "trust_checked": _("Encrypted and checked"),
        "trust_checked_text": _("You both read the same words. Nobody between your browsers hears or sees along."),
        "trust_known_text": _(
            "You checked this together on {day}, and both devices are the same since. The words need not be read again; you may."
        ),
        "trust_forgets": _("This browser keeps nothing, so the words have to be read in each session."),
        "trust_changed": _("New device: read the words again"),
        "trust_changed_text": _("{name} is on a device or in a browser that you have not checked together yet."),
        "trust_aborted": _("The check was broken off"),
        "trust_aborted_silent": _(
            "The other browser did not answer. Sound and picture are encrypted, but nobody can say between whom. "
            "Connect anew to try once more."
        ),
        "trust_aborted_other": _("The browser of {name} broke off the check; the reason is shown there. Connect anew to try once more."),
        "trust_aborted_nonsense": _("The other browser sent something that does not belong here. Connect anew to try once more."),
        "trust_aborted_tampered": _(
            "The two browsers do not see the same connection. Something may sit between you and listen along. "
            "Say nothing private; connect anew and read the words."
        ),
        "trust_unavailable": _("Encrypted, cannot be checked here"),
        "trust_no_crypto": _("This browser cannot make the check: it is too old, or the page came without https."),
        "trust_too_many": _("The connection was made anew too often for the words to mean much. Reload the page to begin again."),
        "trust_stopped": _("Sound and picture are stopped"),
        "trust_stopped_me": _(
            "One of you misread, or something sits between you that could listen along. "
            "Nothing goes out from here any more, and {name} is being told."
        ),
        "trust_stopped_other": _(
            "{name} says that the words differ. One of you misread, or something sits between you that could listen along. "
            "Nothing goes out from here any more."
        ),
        "words_differ": _("They differ"),
        "words_stop": _("Stop sound and picture"),
    }


def _over() -> dict[str, str]:
    return {
        "over_ended_title": _("The session is over"),
        "over_ended_text": _("What you wrote together stays in the card."),
        "over_taken_title": _("You went on in another window"),
        "over_taken_text": _("Your seat is there now. You can also bring it back here."),
        "over_not_in_window_title": _("The room is not open now"),
        "over_not_in_window_text": _("It opens fifteen minutes before the start and closes fifteen minutes after the end."),
        "over_signed_out_title": _("You are signed out"),
        "over_signed_out_text": _("Your seat stays. Sign in again to come back."),
        "over_refused_title": _("The room could not be opened here"),
        "over_refused_text": _("Your seat stays. Try again, or open the room on another device."),
    }


def plan_words() -> dict[str, str]:
    """For the moment the line is gone; also on the page that stands in for the room without a line."""
    return {
        "plan_title_own": _("The line is gone. Your seat stays."),
        "plan_title_other": _("{name} cannot be reached just now. Both seats stay."),
        "plan_call_phone": _("Agreed: if you have not met again by {time}, you call {name} by telephone."),
        "plan_call_whatsapp": _("Agreed: if you have not met again by {time}, you call {name} by WhatsApp."),
        "plan_called_phone": _("Agreed: if you have not met again by {time}, {name} calls you on {number}. Keep it free."),
        "plan_called_whatsapp": _("Agreed: if you have not met again by {time}, {name} calls you by WhatsApp on {number}."),
        "plan_platform": _("Agreed: if you have not met again by {time}, you go on here: {where}"),
        "plan_wait": _("{name} gets a message from us and keeps this time for you. Stay here; it goes on by itself."),
        "plan_none": _("No number was noted for this. {name} gets a message from us; stay here, it goes on by itself."),
        "plan_link_phone": _("Call {number}"),
        "plan_link_whatsapp": _("WhatsApp {number}"),
        "plan_link_platform": _("Open it"),
    }


def _lost() -> dict[str, str]:
    return {
        "lost_minutes": _("The line took about {minutes} min of this session."),
        "lost_take": _("Take the lost {minutes} min now"),
        "lost_taken": _("{minutes} min were added."),
        "lost_not_taken": _("The time after is no longer free. Nothing was added."),
        "lost_added": _("{minutes} min that the line took were added."),
    }


def _filters() -> dict[str, str]:
    return {
        "filter_not_fetched": _("This could not be fetched. Sound and picture go out as before; try again."),
        "noise_coming": _("Being fetched. You are heard meanwhile."),
        "noise_on": _("The noise around you is made quiet."),
        "noise_failed": _("This device cannot do it. You are heard as before."),
        "blur_coming": _("Being fetched. What is behind you can still be seen."),
        "blur_on": _("Only you are seen clearly."),
        "blur_coarser": _("Your device has much to do: the edge around you is coarser."),
        "blur_slow": _("It was too much for this device and is off. What is behind you can be seen."),
        "blur_thin": _("No moving picture is sent on this line. It is blurred once there is one."),
        "blur_failed": _("This device cannot do it. What is behind you can be seen."),
    }
