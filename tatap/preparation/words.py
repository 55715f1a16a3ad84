"""The sentences that the device check shows: what it saw, ``_means`` what that means, ``_fix`` one thing to try."""

from django.utils.translation import gettext as _


def words(other: str = "") -> dict[str, str]:
    return {**_forecast(), **_fixes(), **_camera(), **_sound(), **_line()}


def _forecast() -> dict[str, str]:
    return {
        "forecast_5": _("Picture and sound will be clear"),
        "forecast_5_means": _("The line is enough for a whole session with picture."),
        "forecast_4": _("Sound will be clear, the picture small"),
        "forecast_4_means": _("The line is enough for a whole session with a small picture."),
        "forecast_3": _("Your voice will hold, with a still picture now and then"),
        "forecast_3_means": _("The line is enough for a whole conversation. Your picture is sent every few seconds."),
        "forecast_2": _("Your voice will hold, without a picture"),
        "forecast_2_means": _("The line is enough for a whole conversation. Listening works as well as ever."),
        "forecast_1": _("Spoken messages and text will hold"),
        "forecast_1_means": _("The line is too thin to talk live. You speak a message, and it arrives whole."),
        "forecast_0": _("Text will work here"),
        "forecast_0_means": _("The line does not carry sound for now. You can write to each other, and your counsellor knows."),
        "forecast_data": _("About {mb} MB for the whole session, both ways together."),
        "forecast_help": _("What would help most"),
        "forecast_nothing": _("Nothing needs to change."),
    }


def _fixes() -> dict[str, str]:
    return {
        "fix_path": _("Try mobile data instead of this Wi-Fi, or another browser. This network lets no call through."),
        "fix_tcp": _("Try mobile data or another Wi-Fi. This network slows calls down."),
        "fix_microphone": _("Allow the microphone, or plug in earphones that have one. Without it you are not heard."),
        "fix_tone": _("Turn up the volume or plug in earphones, and play the tone once more."),
        "fix_lossy": _("Go nearer to the router, or to a window on mobile data. Parts of what you send get lost on the way."),
        "fix_busy": _("Ask that nobody watches videos or downloads on the same line during the session."),
        "fix_thin": _("Find a place with more signal. On a better line the picture becomes larger by itself."),
        "fix_noise": _("Use earphones with a microphone, or close the door. It is loud around you."),
        "fix_far": _("Turn off a VPN if you use one. Words take a while to arrive; leave longer pauses."),
        "fix_light": _("Turn until a lamp or window is in front of you."),
        "fix_camera": _("Allow the camera if you want to be seen. Speaking works without it."),
        "fix_data": _("If you pay by the amount, use Wi-Fi, or choose “save data” in the room."),
    }


def _camera() -> dict[str, str]:
    allow = _("press the lock beside the address and allow it.")
    return {
        "camera_wait": _("Camera not yet tried"),
        "camera_on": _("The camera is on"),
        "camera_refused": _("The camera is not allowed"),
        "camera_refused_means": _("The session goes on with sound alone."),
        "camera_refused_fix": allow,
        "camera_busy": _("Another program holds the camera"),
        "camera_busy_means": _("Until it lets go, there is no picture."),
        "camera_busy_fix": _("close other calls and camera programs, then open this page again."),
        "camera_none": _("No camera was found"),
        "camera_none_means": _("The session goes on with sound alone."),
        "camera_unsupported": _("This browser does not give us the camera"),
        "camera_unsupported_means": _("Writing works; sound and picture do not."),
        "camera_unsupported_fix": _("open this page in Chrome, Firefox or Safari."),
        "light_wait": _("Light not yet seen"),
        "light_fine": _("Your face is well lit"),
        "light_dark": _("It is dark around you"),
        "light_dark_means": _("Your face is hard to see."),
        "light_dark_fix": _("turn on a lamp in front of you."),
        "light_bright": _("The light is very bright"),
        "light_bright_means": _("Your face is washed out."),
        "light_bright_fix": _("turn a little away from the lamp or the window."),
        "light_behind": _("The light comes from behind"),
        "light_behind_means": _("Your face is dark on the other screen."),
        "light_behind_fix": _("turn until the lamp or window is in front of you."),
        "light_unseen": _("Light cannot be seen without a camera"),
    }


def _sound() -> dict[str, str]:
    allow = _("press the lock beside the address and allow it.")
    return {
        "microphone_wait": _("Microphone not yet tried"),
        "microphone_on": _("The microphone hears you"),
        "microphone_on_means": _("Say a few words: the bar moves with your voice."),
        "microphone_refused": _("The microphone is not allowed"),
        "microphone_refused_means": _("You can listen and write."),
        "microphone_refused_fix": allow,
        "microphone_busy": _("Another program holds the microphone"),
        "microphone_busy_means": _("Until it lets go, you are not heard."),
        "microphone_busy_fix": _("close other calls and recorders, then open this page again."),
        "microphone_none": _("No microphone was found"),
        "microphone_none_means": _("You can listen and write."),
        "microphone_none_fix": _("plug in earphones with a microphone."),
        "microphone_unsupported": _("This browser does not give us the microphone"),
        "microphone_unsupported_means": _("You can write."),
        "microphone_unsupported_fix": _("open this page in Chrome, Firefox or Safari."),
        "noise_wait": _("Listening to what is around you"),
        "noise_wait_means": _("Be still for five seconds. Only the loudness is measured, nothing is recorded."),
        "noise_quiet": _("It is quiet around you"),
        "noise_some": _("There is some noise around you"),
        "noise_some_means": _("Your voice will come through."),
        "noise_loud": _("It is loud around you"),
        "noise_loud_means": _("Your voice may be lost in it."),
        "noise_loud_fix": _("use earphones with a microphone, or close the door and the fan."),
        "noise_unheard": _("Noise cannot be heard without a microphone"),
        "tone_wait": _("Loudspeaker not yet tried"),
        "tone_heard": _("You hear us"),
        "tone_not_heard": _("You did not hear the tone"),
        "tone_not_heard_means": _("You would not hear your counsellor."),
        "tone_not_heard_fix": _("turn up the volume, or plug the earphones out and in again."),
    }


def _line() -> dict[str, str]:
    nearer = _("go two steps nearer to the window or the router, then measure again.")
    return {
        "line_wait": _("Measuring the line"),
        "line_wait_means": _("About twenty seconds, on a weak line up to a minute. At most 300 kB."),
        "line_good": _("The line is good"),
        "line_good_means": _("Enough for picture and sound."),
        "line_middling": _("The line is middling"),
        "line_middling_means": _("Enough for sound, barely for a picture."),
        "line_middling_fix": nearer,
        "line_weak": _("The line is thin"),
        "line_weak_means": _("Enough for sound without a picture."),
        "line_weak_fix": nearer,
        "line_text": _("The line is very thin"),
        "line_text_means": _("Enough for writing only."),
        "line_text_fix": nearer,
        "path_wait": _("Looking for a way for sound and picture"),
        "path_yes": _("Sound and picture find a way"),
        "path_tcp": _("Sound and picture find a way, but a slow one"),
        "path_tcp_means": _("This network holds back what calls usually use."),
        "path_tcp_fix": _("try mobile data, or another Wi-Fi."),
        "path_no": _("This browser or network lets no call through"),
        "path_no_means": _("Writing works all the same."),
        "path_no_fix": _("try another browser, or mobile data instead of this Wi-Fi."),
    }
