"""The team of the year: its platforms, its twelve fixed moments, its people and their days off."""

from datetime import date

COLLEAGUES = tuple(f"U2COLLEAGUE{n}" for n in range(1, 6))
ANNA, BRAM, CARO = "U1ANNA", "U1BRAM", "U1CARO"
DEPUTY, FAR_DEPUTY, ADMIN = "U1DEPUTY", "U1FAR", "U1ADMIN"
ZONES = {FAR_DEPUTY: "America/Curacao"}

STRATEGY = f"""\
[organisation]
name = "Bibliotheek De Leestafel"
country = "NL"

[[platform]]
key = "telegram"
name = "Telegram"
publish = "telegram"
purpose = "Readers, near and far"
max_length = 4000
cadence = 3
owners = ["{ANNA}"]
deputies = ["{DEPUTY}"]

[[platform]]
key = "instagram"
name = "Instagram"
publish = "by hand"
purpose = "Readers, near and far"
max_length = 4000
cadence = 4
owners = ["{BRAM}", "{ANNA}"]
deputies = ["{FAR_DEPUTY}"]
approvals = 1

[[platform]]
key = "facebook"
name = "Facebook"
publish = "by hand"
purpose = "Readers, near and far"
max_length = 4000
cadence = 3
owners = ["{CARO}", "{BRAM}"]
deputies = ["{DEPUTY}"]
approvals = 2

[[platform]]
key = "newsletter"
name = "Newsletter"
publish = "by hand"
purpose = "Readers, near and far"
max_length = 4000
cadence = 0.5
owners = ["{CARO}"]

[[target_group]]
key = "parents"
name = "Parents of young children"

[[pillar]]
key = "information"
name = "Information"
share = 0.5

[[pillar]]
key = "story"
name = "Stories"
share = 0.5

[[slot]]
platform = "telegram"
title = "Book tip"
rule = "FREQ=WEEKLY;BYDAY=MO"
time = 10:00:00
skip = ["holidays"]

[[slot]]
platform = "telegram"
title = "Thursday question"
rule = "FREQ=WEEKLY;BYDAY=TH"
time = 16:30:00

[[slot]]
platform = "telegram"
title = "Weekend read"
rule = "FREQ=WEEKLY;INTERVAL=2;BYDAY=SA"
time = 09:30:00

[[slot]]
platform = "instagram"
title = "Picture of the week"
rule = "FREQ=WEEKLY;BYDAY=TU"
time = 12:00:00
owner = "{BRAM}"

[[slot]]
platform = "instagram"
title = "Behind the desk"
rule = "FREQ=WEEKLY;BYDAY=FR"
time = 15:00:00
lead = 3

[[slot]]
platform = "instagram"
title = "First Monday"
rule = "FREQ=MONTHLY;BYDAY=1MO"
time = 11:00:00
pillar = "story"

[[slot]]
platform = "instagram"
title = "In the night"
rule = "FREQ=MONTHLY;BYDAY=-1SU"
time = 02:30:00

[[slot]]
platform = "facebook"
title = "Agenda"
rule = "FREQ=WEEKLY;BYDAY=WE"
time = 09:00:00

[[slot]]
platform = "facebook"
title = "Looking back"
rule = "FREQ=WEEKLY;BYDAY=SU"
time = 19:00:00

[[slot]]
platform = "facebook"
title = "Spring series"
rule = "FREQ=WEEKLY;BYDAY=TU;COUNT=10"
time = 14:00:00

[[slot]]
platform = "newsletter"
title = "Newsletter"
rule = "FREQ=MONTHLY;BYDAY=1WE"
time = 08:00:00
lead = 7

[[slot]]
platform = "newsletter"
title = "Summer letter"
rule = "FREQ=WEEKLY;BYDAY=TH;UNTIL=20260831"
time = 10:00:00
"""

ABSENCES = (
    (ANNA, date(2026, 2, 16), date(2026, 2, 20)),
    (BRAM, date(2026, 3, 27), date(2026, 3, 31)),
    (DEPUTY, date(2026, 4, 27), date(2026, 5, 8)),
    (ANNA, date(2026, 5, 1), date(2026, 5, 6)),
    (ANNA, date(2026, 7, 13), date(2026, 8, 2)),
    (BRAM, date(2026, 7, 20), date(2026, 8, 9)),
    (CARO, date(2026, 8, 3), date(2026, 8, 23)),
    (DEPUTY, date(2026, 10, 19), date(2026, 10, 23)),
    (CARO, date(2026, 10, 24), date(2026, 10, 28)),
)
"""From the first day till the last; each named some days before."""
