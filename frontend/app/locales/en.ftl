### English. Same keys as fr.ftl, in the same order.

## everywhere
language = Language
close = Close
cancel = Cancel
undo = Undo
undone = Undone
redone = Done again
undone-nothing = Nothing undone: it was changed since
redone-nothing = Nothing done again: it was changed since
undo-empty = There is nothing to undo
redo-empty = There is nothing to do again
reload = Reload
continue = Continue
search = Search
just-now = now
today = today
yesterday = yesterday
tomorrow = tomorrow
time-unknown = at an unknown time
at-time = at { $time }
on-day = on { $day }
due-nothing = nothing planned
due-some-day = some day

## rail, sync corner
main-menu = Main
home = Terrain, home
jump-to = Go to…
contacts = Contacts
companies = Companies
deals = Deals
settings = Settings
sync-ok = In sync
sync-here = Local
sync-busy = Syncing…
sync-offline = Offline
sync-needs = Needs you
sync-waiting = { $n ->
    [one] { $n } waits
   *[other] { $n } wait
}
sync-corner = Sync, { $state }

## keys
keys = Keys
key-jump = Go to a record, a screen or an action
key-search = Search in the list
key-create = Create
key-edit = Edit the name
key-arrows = Move in a list
key-enter = Open, save
key-escape = Cancel, close
key-undo = Undo
key-redo = Do again
key-all = Show all keys

## first visit
hello-name = What do your colleagues call you?
hello-name-lead = Your name signs your visits and edits. No account, no password.
hello-name-missing = Write the name your colleagues know you by.
your-name = Your name
hello-where = Hello { $name }. Where to begin?
hello-where-lead = Everything stays on this device until you share it.
hello-rename = Change name
hello-sample = Try it with sample data
hello-sample-lead = A made-up field team: 400 contacts, 120 companies, 150 deals. Goes away with one tap.
hello-empty = Start empty
hello-empty-lead = Your own workspace, ready for an import or a first contact.
hello-join = Join a team
hello-join-lead = With the link or QR code that a colleague showed you.
workspace-sample = Sample
workspace-own = My workspace
join-link = Link to the workspace
join = Join

## problems
title-storage-unavailable = This browser keeps no data
title-storage-full = This device is out of space
title-newer-data = A newer version wrote this data
title-reload-needed = A newer version is open in another tab
title-storage = This device’s storage does not answer
problem-storage-unavailable = Terrain keeps your records in the browser, and this window may keep none. Open it in a normal window, not a private one.
problem-storage-full = This device is out of space. Free about 50 MB, then try again.
problem-newer-data = Your data is safe. Reload the page to get the newer version.
problem-reload-needed = Your data is safe. Reload this page to go on.
problem-storage = What was saved before is safe. Reload the page; if that does not help, restart the browser.
problem-no-such-record = This record is not on this device.
problem-no-workspace = No workspace is open. Open or create one.
problem-too-long = That is too long: { $limit } characters at most.
problem-bad-link = This link is incomplete or no longer valid. Ask a colleague to show it again.
problem-link-renewed = A colleague renewed the team’s link. Your work is safe here; ask for the new link.
problem-no-network = The server does not answer. Try again when you have a network.
problem-too-many = Too many workspaces were made from this network. Try again in { $minutes ->
    [one] a minute
   *[other] { $minutes } minutes
}.
problem-update-needed = The server needs a newer version of Terrain. Work goes on here; reload when you can.
problem-server-full = The server is out of space. Your work is safe on this device.
problem-bad-file = This file was not made by Terrain, or it is damaged.
problem-not-empty = A file is restored into an empty workspace. Create one first.
problem-restarted = Something went wrong and Terrain recovered. Check your last edit.

## lists
list-contact = Contacts
list-contact-label = List of contacts
list-contact-hint = Name, town, phone…
list-contact-search = Search for a contact
list-contact-new = New contact
list-contact-count = { $n ->
    [one] { $n } contact
   *[other] { $n } contacts
}
list-contact-choose = Choose a contact.
list-contact-none = No contact yet
list-contact-none-lead = Import your address book, or add the first person you see today.
list-contact-searched = Searched in names, companies, towns, phones and e‑mails.
list-company = Companies
list-company-label = List of companies
list-company-hint = Name, town, industry…
list-company-search = Search for a company
list-company-new = New company
list-company-count = { $n ->
    [one] { $n } company
   *[other] { $n } companies
}
list-company-choose = Choose a company.
list-company-none = No company yet
list-company-none-lead = Import your address book, or add the first company you visit today.
list-company-searched = Searched in names, industries, towns, phones and e‑mails.
nothing-found = Nothing found
add-contact-here = Add a contact
receiving-text = { $n } of { $all } changes. You can already search and open what is here.
receiving-title = Receiving “{ $name }”
nothing-for = Nothing for “{ $text }”
create-named = Create “{ $name }”
clear-filters = Clear filters
import-file = Import a file
unnamed = No name
someone = A colleague
place-of = { $n } of { $all }
sort-and-filter = Sort and filter
show-list = Show the list
filters = Filters
remove-filter = remove the filter
filter-mine = Mine
filter-planned = With a task
filter-overdue = Overdue
filter-undecided = To decide
filter-owner = { $value }
filter-no-owner = Without owner
filter-tag = Tag: { $value }
filter-city = Town: { $value }
filter-tags = Tag
filter-cities = Town
filter-owners = Owner
order = Order
sort-name = Name
sort-company = Company
sort-city = Town
sort-edited = Last edited
sort-created = Newest
sort-next = Next activity
sort-amount = Amount
sort-close = Expected close

## records
history = History
more-deeds = More
delete-contact = Delete contact
delete-company = Delete company
delete-deal = Delete deal
deleted-name = { $name } deleted
deleted-title = { $name } is deleted
deleted-by = Deleted by { $who } { $when }.
restore = Restore
restored = Restored
came-back = Deleted meanwhile; an edit by { $who } brought it back
record-missing = Not on this device
rename = Change name
save = Save
saved = saved
draft-kept = Not saved yet: you were typing here when the page closed.
not-saved = Not saved. What you typed is still here: try again.
delete = Delete
remove = Remove
change = Change
yes = Yes
no = No
none = None
take = Take
ignore = Ignore
other-value = Other value
other-set = set
other-removed = removed this value
you = You
you-set = set
you-removed = removed this value
quoted = “{ $text }”
decided = Decided
call = Call
write = Write
directions = Directions
visit = Visit
log-visit = Log a visit
call-to = Call: { $label }
write-to = Write: { $label }
show-on-map = Show on a map
open-website = Open the web site
reach = Contact details
details = Details
add-reach = Add a phone or an e‑mail
add-a-number = Add a number
add-an-email = Add an e‑mail
add-an-address = Add an address
add-a-text = Add
add-a-date = Add a date
add-an-amount = Add an amount
add-a-choice = Choose
add-a-note = Add a note
add-a-company = Add a company
add-tags = Add tags, with commas
kind-of-item = Kind
already-there = “{ $value }” is already there.
removed-value = { $value } removed
newer-field = from a newer version
kind-contact = Contact
kind-company = Company
kind-deal = Deal
choose-company = Which company?
remove-link = Remove the link
link-removed = Link removed
contacts-count = { $n ->
    [one] { $n } contact
   *[other] { $n } contacts
}
new-deal = New deal
next-up = What’s next
plan-next = Plan what’s next
plan-it = Plan
planned = Planned
plan-changed = Changed
change-plan = Change what is planned
mark-done = Mark as done
marked-done = { $name } done
activity-kind = Kind of activity
activity-deleted = Activity deleted
subject = Subject
outcome = What came of it
then-what = And next?
then-hint = For example: send the offer
then-when = When?
day-hint = For example: tomorrow, Friday, { $example }
on-which-day = Day
at-what-time = Time
log-it = Log
logged = Logged
timeline = Timeline
created-contact = Contact created
created-company = Company created
created-deal = Deal created
created-activity = Activity created
created-member = Colleague joined
deletion = Deleted
restoration = Restored
field-changed = { $n ->
    [0] { $field } changed
   *[other] { $field } and { $n } more changed
}
history-none = Nothing was changed yet.
history-empty = nothing

## activities, labels
activity-visit = Visit
activity-call = Call
activity-mail = E‑mail
activity-task = Task
activity-comment = Comment
label-phones-mobile = Mobile
label-phones-work = Office
label-phones-home = Home
label-phones-other = Phone
label-phones-fax = Fax
label-emails-mobile = Mobile e‑mail
label-emails-work = Work e‑mail
label-emails-home = Personal e‑mail
label-emails-other = E‑mail

## stages, states, reasons
stage-first_contact = First contact
stage-visited = Visit done
stage-offer = Offer sent
stage-negotiation = Negotiation
stage-agreed = Agreed in principle
status-open = Open
status-won = Won
status-lost = Lost
status-hold = On hold
lost_reason-price = Price too high
lost_reason-competitor = Chose a competitor
lost_reason-postponed = Postponed without a date
lost_reason-silence = No answer
lost_reason-other = Another reason

## fields
field-contact-first_name = First name
field-contact-last_name = Last name
field-contact-job_title = Job title
field-contact-company = Company
field-contact-phones = Phone
field-contact-emails = E‑mail
field-contact-street = Street
field-contact-postcode = Postcode
field-contact-city = Town
field-contact-country = Country
field-contact-birthday = Birthday
field-contact-tags = Tags
field-contact-notes = Notes
field-contact-owner = Owner
field-contact-source = Source
field-contact-imported = Import
field-company-name = Name
field-company-industry = Industry
field-company-phones = Phone
field-company-emails = E‑mail
field-company-website = Web site
field-company-street = Street
field-company-postcode = Postcode
field-company-city = Town
field-company-country = Country
field-company-tags = Tags
field-company-notes = Notes
field-company-owner = Owner
field-company-source = Source
field-deal-name = Name
field-deal-company = Company
field-deal-contacts = Contacts
field-deal-amount = Amount
field-deal-close_on = Expected close
field-deal-stage = Stage
field-deal-stage_since = In this stage since
field-deal-rank = Order
field-deal-status = State
field-deal-lost_reason = Why it was lost
field-deal-lost_detail = More on the loss
field-deal-closed_at = Closed
field-deal-owner = Owner
field-deal-origin = Origin
field-deal-tags = Tags
field-deal-notes = Notes
field-activity-activity = Kind
field-activity-subject = Subject
field-activity-due_on = Day
field-activity-due_time = Time
field-activity-done_at = Done
field-activity-outcome = Outcome
field-activity-contact = Contact
field-activity-company = Company
field-activity-deal = Deal
field-activity-owner = Owner
field-member-name = Name
field-member-person = Person

## what was typed
input-date = “{ $found }” is not a date. Write for example { $example }.
input-future = “{ $found }” is in the future.
input-month = There are 12 months. Write for example { $example }.
input-day = { $monthname } has { $days } days. Write for example { $last }.
input-amount = “{ $found }” is not an amount. Write for example 1,250.50.
input-unsure = “{ $found }” could be { $whole } or { $part }. Write the one you mean.
input-decimals = { $currency } has { $decimals } decimals. Write fewer digits after the decimal sign.
input-range = “{ $found }” is larger than an amount can be.
input-currency = “{ $found }” is not a currency. Write for example EUR.
input-email = “{ $found }” is not an e‑mail address. Write for example name@company.com.
input-phone = “{ $found }” is not a telephone number. Write for example +44 20 7946 0958.
input-phone-date = “{ $found }” is a date, not a telephone number. Write for example +44 20 7946 0958.
input-damaged-phone = A spreadsheet cut digits off this number: “{ $found }”. Write it again.
input-url = “{ $found }” is not a web address. Write for example company.com.
input-time = “{ $found }” is not a time of day. Write for example 14:30.
input-too-long = That is too long: { $limit } characters at most.

## Board and list of deals
pipeline-name = Direct sales
board-view = View
board-as-board = Board
board-as-list = List
board-mine = Mine
board-new = New deal
board-summary = Summary, each part filters the deals
board-open = Open total
more-than = more than { $amount }
less-than = less than { $amount }
board-weighted = Weighted
board-weighted-hint = Show only deals at 50% and more
board-closing = Closing this month
board-attention = Needs attention
board-attention-hint = Overdue, or nothing planned
board-deals = { $count ->
    [one] { $count } deal
   *[other] { $count } deals
}
board-none = No deals
board-none-here = No deal passes these filters
board-clear = Clear filters
board-empty = No deals yet
board-empty-more = A deal is a sale in the making: a name, an amount, a stage. It moves from left to right.
board-show-more = Show { $count } more
board-rotting = { $count ->
    [one] No movement for { $count } day
   *[other] No movement for { $count } days
}
board-days = { $count } d
board-drop = Drop to close
board-keys = Space lifts the card, arrows move it, Enter drops it, Esc puts it back.
board-lifted = { $name } is lifted. { $stage }, place { $place } of { $count }.
board-at = { $stage }, place { $place } of { $count }
board-dropped = { $name } is dropped in { $stage }, place { $place }.
board-returned = { $name } is back in its place.
board-moved = { $name } moved to “{ $stage }”
board-status = Status
board-column-name = Deal
board-column-amount = Amount
board-column-next = Next
board-column-close = Close
board-order = Sort

## Deal
deal-untitled = Deal without a name
deal-led-by-you = led by you
deal-led-by = led by { $name }
deal-no-amount = No amount yet
deal-weighted = weighted { $amount } at { $percent }
deal-steps = Stage of the deal
deal-since = for { $count } d
deal-since-today = since today
deal-won = Won
deal-lost = Lost…
deal-hold = On hold
deal-reopen = Reopen
deal-is-won = Won { $at }
deal-is-lost = Lost { $at }
deal-is-hold = On hold
deal-was-won = { $name } won
deal-was-lost = { $name } lost
deal-was-held = { $name } put on hold
deal-was-reopened = { $name } reopened
deal-why-lost = Why was “{ $name }” lost?
deal-lost-needs-reason = Choose the reason that comes closest.
deal-reason = Reason
deal-detail = Details, if you like
deal-mark-lost = Mark as lost
deal-fields = Deal
deal-people = People
deal-add-person = Add a person
deal-role = Role in the deal
deal-role-example = decides, advises, buys…
deal-role-of = Role of { $name }
deal-role-done = Save
deal-remove-person = Remove from the deal
deal-person-removed = { $name } removed from the deal
deal-log = Stage log
deal-log-none = No stage change yet
deal-less-than-a-day = < 1 d
comment-add = Add a comment
comment-keep = Post
comment-kept = Comment added
deal-add-company = Add a company
deal-currency = Currency
deal-new-title = New deal
deal-new-name = Name of the deal
deal-new-name-example = Year-end gift boxes
deal-new-amount = Amount
deal-new-company = Company
deal-new-company-none = None
deal-new-stage = Stage
deal-new-make = Create the deal
deal-new-needs-name = Give the deal a name, even a provisional one.
deal-new-made = { $name } created

## Go to
palette-title = Go to…
palette-hint = Name, screen or action
palette-recent = Recently opened
palette-records = Records
palette-screens = Screens
palette-actions = Actions
palette-none = Nothing for “{ $typed }”
palette-all = Show in the list: { $all }
palette-results = { $count ->
    [0] No results
    [one] { $count } result
   *[other] { $count } results
}
palette-contacts = Contacts
palette-companies = Companies
palette-deals = Deals
palette-settings = Settings
palette-import = Import contacts
palette-new-contact = New contact
palette-new-company = New company
palette-share = Share the workspace
palette-sync = Show synchronisation
palette-theme = Switch theme

## Sync, offline, update, install
sync-title = Sync
sync-last-contact = · last in touch { $at }
sync-needs-you = Sync needs you.
sync-nothing-lost = Nothing is lost, see what to do
sync-refused = { $count ->
    [one] { $count } change was refused.
   *[other] { $count } changes were refused.
}
sync-refused-by-server = { $count ->
    [one] { $count } change was refused by the server
   *[other] { $count } changes were refused by the server
}
sync-refused-safe = Your work is safe on this device.
sync-unread = Records to look at
unread-apart = this version can’t show all that came for it. What came is kept here and tried again; if an update is offered, take it.
unread-anew = its history on this device was damaged. It goes on from what the list showed; look through its note.
refused-malformed = it arrived damaged. Send it again: it is written anew.
refused-too-large = it is too long for one change. Make it in smaller parts.
refused-time = this device’s clock was wrong. Set it, then send it again.
refused-writer = it was signed by someone else. Send it again: it is written anew in your name.
refused-sequence = this device’s data was copied or set back. Send it again: it is written anew.
refused-builds-on-refused = it builds on a refused change. Send it again: both are written anew.
refused-invalid = the record could not be read with it. Send it again: it is written anew.
refused-record-too-large = the record holds too much. Remove something from it, then send it again.
refused-too-costly = it took the server too long to check. Make it in smaller parts.
refused-gone = the record was erased for everyone. What you wrote is kept here; copy it where it belongs.
refused-squashed = the record was begun anew meanwhile. Send it again: it is written into the new one.
refused-forbidden = you may not change this record. Ask a colleague who may, or copy what you wrote elsewhere.
sync-send-again = Send again
sync-not-shared = This workspace is not shared.
sync-only-here = It is saved on this device only
sync-only-here-more = It is saved on this device only. Share it to have it elsewhere, or keep a file of it.
sync-sending = { $count ->
    [one] Sending { $count } change…
   *[other] Sending { $count } changes…
}
sync-receiving = Receiving…
sync-saved-already = already saved here
sync-offline-waiting = { $count ->
    [one] Offline · { $count } change waits
   *[other] Offline · { $count } changes wait
}
sync-on-this-device = on this device
sync-offline-none = Offline · nothing waits
sync-in-sync = In sync.
sync-confirmed-at = Confirmed by the server { $at }
sync-confirmed-until = Confirmed by the server { $at }
sync-nothing-confirmed = Nothing is confirmed by the server yet
sync-in-touch = The server answers
sync-contact-ago = Last in touch { $ago }
sync-no-contact = Not in touch with the server yet
sync-all-saved = Everything is saved on this device
sync-counts = { $contacts ->
    [one] { $contacts } contact
   *[other] { $contacts } contacts
}, { $companies ->
    [one] { $companies } company
   *[other] { $companies } companies
}, { $deals ->
    [one] { $deals } deal
   *[other] { $deals } deals
}
sync-wait-for-network = { $count ->
    [one] { $count } change waits for the network
   *[other] { $count } changes wait for the network
}
sync-leave-alone = They will go by themselves.
sync-and-more = and { $count } more
sync-a-record = a record
sync-retry = Try again
sync-copy-report = Copy report
sync-save-file = Save a file
report-copied = Report copied. It holds no customer data.
offline-ready = Ready for offline
offline-ready-more = The app and all records are here
offline-preparing = Getting ready for offline
offline-progress = { $here } of { $all } changes received
offline-received = Records received
offline-app-coming = The app is being saved on this device…
offline-counts = App { $version }, { $count ->
    [one] { $count } record
   *[other] { $count } records
}{ $kept ->
    [yes] , kept by the browser
   *[other] { "" }
}
offline-counts-size = App { $version }, { $count ->
    [one] { $count } record
   *[other] { $count } records
}, { $size }{ $kept ->
    [yes] , kept by the browser
   *[other] { "" }
}
offline-keep = Keep
update-ready = New version ready
update-keeps = What you typed is kept.
update-restart = Restart
later = Later
install-title = Install Terrain
install-why = Full screen, and your data better kept.
install-now = Install
install-share = Tap Share
install-share-where = at the top right of Safari
install-home = Choose “Add to Home Screen”
install-home-then = then Add. Safari will keep your data.

## Share and join
share-open = Share…
share-title = Share “{ $name }”
share-lead = Show a colleague the code, or send them the link. Whoever has it can read and change everything.
share-wait = One moment, the server prepares the link…
share-link = Team link
share-qr = QR code of the link
share-send = Send the link
share-subject = Join the team in Terrain
share-copy = Copy
share-copied = Link copied
share-copy-by-hand = This browser does not let us copy. Tap the link, then copy it.
share-keep = Keep it among yourselves: this link is the team’s key.
share-renew = Renew the link
share-renew-what = The old one stops working, and each colleague will need the new one.
share-renew-ask = Renew the link of “{ $name }”?
share-renew-lead = Links and codes already sent will stop working. Your colleagues keep their work and go on with the new link.
share-renew-now = Renew
share-renewed = Link renewed
join-team = Join a team
join-title = Join “{ $name }”
join-unnamed = a team
join-lead = All the team’s records will come to this device and work there without a network. Your name signs what you change.
join-already = This workspace is already on this device. Joining opens it, with this link.
join-busy = Connecting to the server…
join-again = Try again
join-not = Not now
join-link-example = https://…/#join=…
join-use-link = Use this link
join-paste-new = Paste the new link
join-link-taken = The new link is saved

## Settings
settings-you = You and this device
settings-name-why = Signs your visits and changes
settings-device = Name of the device
settings-device-why = Seen by your colleagues
settings-display = Display
theme = Theme
theme-system = System
theme-light = Light
theme-dark = Dark
workspaces = Workspaces
workspace-name = Name of the open workspace
workspace-name-why = The same for the whole team
workspace-shared = { $count ->
    [one] Shared · { $count } record
   *[other] Shared · { $count } records
}
workspace-local = { $count ->
    [one] On this device only · { $count } record
   *[other] On this device only · { $count } records
}
workspace-is-sample = { $count ->
    [one] Sample data · { $count } record
   *[other] Sample data · { $count } records
}
workspace-shared-other = Shared
workspace-local-other = On this device only
workspace-is-sample-other = Sample data
workspace-add = Create or join a workspace
workspace-new = Name of the new workspace
workspace-make = Create
workspace-make-sample = Create a sample workspace
workspace-remove = Remove this workspace from the device
workspace-remove-sample = Remove the sample
workspace-remove-sample-ask = Remove the sample?
workspace-remove-sample-lead = The sample records go from this device. Your other workspaces stay.
workspace-remove-ask = Remove “{ $name }” from this device?
workspace-remove-shared = The server has confirmed everything. You can come back with the team link.
workspace-remove-local = This workspace exists on this device only. Save a file first to keep it.
workspace-only-here = { $count ->
    [one] { $count } change is on this device only
   *[other] { $count } changes are on this device only
}
workspace-leave-waiting = If you leave the team now, your colleagues will not see them.
workspace-wait = Wait for the network
workspace-leave = Leave the team
workspace-remove-now = Remove
workspace-restored = Restored workspace
data = Data
file-save = Save everything to a file
file-save-lead = Restores on any device, without a network
file-saved = { $name } is in your downloads
file-not-saved = The browser did not take { $name }. Try again in another window.
file-restore = Restore a file
file-restore-lead = Into an empty workspace, without a network
file-restore-where = This workspace is not empty
file-restore-make = Create a workspace and restore
file-restored = { $count ->
    [one] { $count } record restored
   *[other] { $count } records restored
}
file-left-out = { $count ->
    [one] { $count } could not be read and was left out
   *[other] { $count } could not be read and were left out
}
import-contacts = Import contacts
import-contacts-lead = CSV from Google Contacts, Outlook and others
about = About
about-terrain = Terrain
about-version = Version { $version }, { $build }
about-report-lead = Versions, counts and states, no customer data

## Import
import-done = Import finished
import-back = Back
import-from-google = Google Contacts recognised
import-lines = { $count ->
    [one] { $count } line
   *[other] { $count } lines
}
import-commas = commas
import-semicolons = semicolons
import-tabs = tabs
import-bars = bars
import-choose = Choose a CSV file
import-choose-more = Exported from Google Contacts, Outlook or a spreadsheet. You will see everything before anything changes.
import-pick = Choose a file
import-other-file = Choose another file
import-not-read = This file could not be read
import-empty = It is empty. Export it again, then try again.
import-too-large = It is larger than { $limit } MB. Export fewer contacts at a time.
import-workbook = It is a spreadsheet workbook. Save it as CSV, then try again.
import-not-csv = It is not a CSV file. Export your contacts as CSV, then try again.
import-too-many-lines = It has more than { $limit } lines. Split it into several files.
import-too-many-columns = It has more than { $limit } columns. Remove those you do not need.
import-open-quote = A quotation mark opened in line { $line } is never closed. Correct it in the file.
import-columns = Columns
import-empty-columns = { $count ->
    [one] { $count } empty column
   *[other] { $count } empty columns
}
import-encoding = Characters are written in
import-titles = Column titles
import-titles-in = titles in line { $line }
import-no-titles = no titles: line 1 is a contact
import-becomes = “{ $column }” becomes
import-to-skip = Do not import
import-to-id = Original id
import-to-full-name = Full name
import-to-middle-name = Middle name
import-to-first-name = First name
import-to-last-name = Last name
import-to-job-title = Job title
import-to-company = Company, made if needed
import-to-phone-mobile = Mobile phone
import-to-phone-work = Work phone
import-to-phone-home = Home phone
import-to-phone-other = Phone
import-to-phone-fax = Fax
import-to-email-work = Work e‑mail
import-to-email-home = Home e‑mail
import-to-email-other = E‑mail
import-to-street = Street
import-to-street-more = Street, continued
import-to-postcode = Postcode
import-to-city = Town
import-to-country = Country
import-to-birthday = Birthday
import-to-tags = Tags
import-to-notes = Notes
import-to-label = Label
import-preview = Preview
import-see-wrong = { $count ->
    [one] See the line to review
   *[other] See the { $count } lines to review
}
import-see-all = See all lines
import-line = Line
import-name = Name
import-company = Company
import-phone = Phone
import-email = E‑mail
import-outcome = What will happen
import-cell = { $column }, line { $line }
import-new = New
import-completes = Completes the record
import-restores = Brings the record back
import-unchanged = Already up to date
import-double = With line { $line }
import-already-there = Already there, left as it is
import-not-there = New, left out
import-deleted = Deleted here, left out
import-same-id = same id
import-same-email = same e‑mail
import-same-phone = same number
import-same-name = same name
import-was-deleted = deleted
import-another = Another person
import-is-same = The same as { $name }
import-stays-deleted = Leave it deleted
import-bring-back = Bring it back
import-keep = Keep “{ $value }”
import-keep-empty = Keep it empty
import-take = Take “{ $value }”
import-open-more = Unless you decide otherwise, nobody is merged and nothing you wrote is replaced.
import-missing-name = Name missing
import-extra-cells = Too many cells in this line
import-why-input-email = Incomplete e‑mail
import-why-input-phone = Unreadable number
import-why-input-damaged-phone = Number damaged by a spreadsheet
import-why-input-date = Unreadable date
import-why-input-future = In the future
import-why-input-day = Impossible day
import-why-input-month = Impossible month
import-why-input-too-long = Text too long
import-mode = What to do
import-create = Create
import-complete = Complete
import-both = Both
import-run = { $count ->
    [one] Import { $count } contact
   *[other] Import { $count } contacts
}
import-nothing = Nothing to import
import-nothing-new = Nothing new
import-count-new = { $count } new
import-count-completed = { $count } completed
import-count-unchanged = { $count } already up to date
import-count-double = { $count ->
    [one] { $count } duplicate
   *[other] { $count } duplicates
}
import-count-left = { $count } left out
import-count-open = { $count } to decide
import-count-wrong = { $count } to review
import-yellow-left = Yellow lines that are not corrected are left out.
import-progress = { $done } of { $all } records saved
import-progress-label = Records saved
import-made = created
import-completed = completed
import-doubles = { $count ->
    [one] duplicate
   *[other] duplicates
}
import-left-out = left out
import-made-one = Created
import-completed-one = Completed
import-left-title = Left out
import-left-file = To review
import-download = Download these lines
import-no-name = No name
import-all-lines = Line by line
import-show-lines = See all lines
import-hide-lines = Hide the lines
import-again = Importing the same file a second time will change nothing.
import-saved = Saved on this device
import-took = { $seconds ->
    [0] in under a second.
   *[other] in { $seconds } s.
}
import-undo = Undo the import
import-undone = { $stay ->
    [0] Import undone
    [one] Import undone. One record that was worked on since stays.
   *[other] Import undone. { $stay } records that were worked on since stay.
}
import-undo-named = Undo the import of { $name }
import-earlier = Earlier imports
import-see = See the contacts
