### Français. Mêmes clés que en.ftl, dans le même ordre.

## partout
language = Langue
close = Fermer
cancel = Annuler
undo = Annuler
undone = Annulé
redone = Rétabli
undone-nothing = Rien d’annulé : modifié depuis
redone-nothing = Rien de rétabli : modifié depuis
undo-empty = Il n’y a rien à annuler
redo-empty = Il n’y a rien à rétablir
reload = Recharger
continue = Continuer
search = Chercher
just-now = à l’instant
today = aujourd’hui
yesterday = hier
tomorrow = demain
time-unknown = à une date inconnue
at-time = à { $time }
on-day = le { $day }
due-nothing = rien de prévu
due-some-day = un jour

## rail, coin de synchronisation
main-menu = Principal
home = Terrain, accueil
jump-to = Aller à…
contacts = Contacts
companies = Entreprises
deals = Affaires
settings = Réglages
sync-ok = À jour
sync-here = Local
sync-busy = Envoi…
sync-offline = Hors ligne
sync-needs = À voir
sync-waiting = { $n } en attente
sync-corner = Synchronisation, { $state }

## touches
keys = Raccourcis clavier
key-jump = Aller à une fiche, un écran, une action
key-search = Chercher dans la liste
key-create = Créer
key-edit = Modifier le nom
key-arrows = Se déplacer dans une liste
key-enter = Ouvrir, enregistrer
key-escape = Annuler, fermer
key-undo = Annuler la dernière action
key-redo = Rétablir
key-all = Voir tous les raccourcis

## première visite
hello-name = Comment vos collègues vous appellent-ils ?
hello-name-lead = Votre nom signe vos visites et vos modifications. Aucun compte, aucun mot de passe.
hello-name-missing = Écrivez le nom que vos collègues connaissent.
your-name = Votre nom
hello-where = Bonjour { $name }. Par où commencer ?
hello-where-lead = Tout reste sur cet appareil tant que vous ne partagez rien.
hello-rename = Changer de nom
hello-sample = Essayer avec un exemple
hello-sample-lead = Une équipe de terrain fictive : 400 contacts, 120 entreprises, 150 affaires. S’efface d’un geste.
hello-empty = Commencer à vide
hello-empty-lead = Votre espace, prêt à recevoir un import ou un premier contact.
hello-join = Rejoindre une équipe
hello-join-lead = Avec le lien ou le code QR qu’un collègue vous a montré.
workspace-sample = Exemple
workspace-own = Mon espace
join-link = Lien de l’espace de travail
join = Rejoindre

## problèmes
title-storage-unavailable = Ce navigateur ne garde aucune donnée
title-storage-full = La place manque sur cet appareil
title-newer-data = Une version plus récente a écrit ces données
title-reload-needed = Une version plus récente est ouverte dans un autre onglet
title-storage = Le stockage de cet appareil ne répond pas
problem-storage-unavailable = Terrain garde vos fiches dans le navigateur, et cette fenêtre n’en garde aucune. Ouvrez une fenêtre normale, pas privée.
problem-storage-full = La place manque sur cet appareil. Libérez environ 50 Mo puis réessayez.
problem-newer-data = Vos données sont intactes. Rechargez la page pour obtenir la nouvelle version.
problem-reload-needed = Vos données sont intactes. Rechargez cette page pour continuer.
problem-storage = Ce qui était enregistré est intact. Rechargez la page ; si cela ne suffit pas, relancez le navigateur.
problem-no-such-record = Cette fiche n’est pas sur cet appareil.
problem-no-workspace = Aucun espace n’est ouvert. Ouvrez-en un ou créez-en un.
problem-too-long = C’est trop long : { $limit } caractères au plus.
problem-bad-link = Ce lien est incomplet ou n’est plus valable. Demandez à un collègue de vous le montrer à nouveau.
problem-link-renewed = Un collègue a renouvelé le lien de l’équipe. Votre travail est à l’abri ici ; demandez le nouveau lien.
problem-no-network = Le serveur ne répond pas. Réessayez quand vous aurez du réseau.
problem-too-many = Trop d’espaces ont été créés depuis ce réseau. Réessayez dans { $minutes ->
    [one] une minute
   *[other] { $minutes } minutes
}.
problem-update-needed = Le serveur demande une version plus récente de Terrain. Le travail continue ici ; rechargez dès que possible.
problem-server-full = Le serveur n’a plus de place. Votre travail est à l’abri sur cet appareil.
problem-bad-file = Ce fichier ne vient pas de Terrain, ou il est abîmé.
problem-not-empty = Un fichier se restaure dans un espace vide. Créez-en un d’abord.
problem-restarted = Un incident s’est produit et Terrain a repris. Vérifiez votre dernière saisie.

## listes
list-contact = Contacts
list-contact-label = Liste des contacts
list-contact-hint = Nom, ville, téléphone…
list-contact-search = Chercher un contact
list-contact-new = Nouveau contact
list-contact-count = { $n ->
    [one] { $n } contact
   *[other] { $n } contacts
}
list-contact-choose = Choisissez un contact.
list-contact-none = Pas encore de contact
list-contact-none-lead = Importez votre carnet d’adresses ou ajoutez la première personne que vous voyez aujourd’hui.
list-contact-searched = Cherché dans les noms, entreprises, villes, téléphones et e‑mails.
list-company = Entreprises
list-company-label = Liste des entreprises
list-company-hint = Nom, ville, secteur…
list-company-search = Chercher une entreprise
list-company-new = Nouvelle entreprise
list-company-count = { $n ->
    [one] { $n } entreprise
   *[other] { $n } entreprises
}
list-company-choose = Choisissez une entreprise.
list-company-none = Pas encore d’entreprise
list-company-none-lead = Importez votre carnet d’adresses ou ajoutez la première entreprise que vous visitez aujourd’hui.
list-company-searched = Cherché dans les noms, secteurs, villes, téléphones et e‑mails.
nothing-found = Aucun résultat
add-contact-here = Ajouter un contact
receiving-text = { $n } modifications sur { $all }. Vous pouvez déjà chercher et ouvrir les fiches qui sont là.
receiving-title = Réception de « { $name } »
nothing-for = Rien pour « { $text } »
create-named = Créer « { $name } »
clear-filters = Effacer les filtres
import-file = Importer un fichier
unnamed = Sans nom
someone = Un collègue
place-of = { $n } sur { $all }
sort-and-filter = Trier et filtrer
show-list = Voir la liste
filters = Filtres
remove-filter = retirer le filtre
filter-mine = À moi
filter-planned = Avec tâche
filter-overdue = En retard
filter-undecided = À trancher
filter-owner = { $value }
filter-no-owner = Sans responsable
filter-tag = Étiquette : { $value }
filter-city = Ville : { $value }
filter-tags = Étiquette
filter-cities = Ville
filter-owners = Responsable
order = Ordre
sort-name = Nom
sort-company = Entreprise
sort-city = Ville
sort-edited = Dernière modification
sort-created = Les plus récents
sort-next = Prochaine activité
sort-amount = Montant
sort-close = Clôture prévue

## fiches
history = Historique
more-deeds = Autres actions
delete-contact = Supprimer le contact
delete-company = Supprimer l’entreprise
delete-deal = Supprimer l’affaire
deleted-name = { $name } supprimé
deleted-title = { $name } est supprimé
deleted-by = Supprimé par { $who } { $when }.
restore = Rétablir
restored = Rétabli
came-back = Supprimé entre-temps, rétabli par une modification de { $who }
record-missing = Absent de cet appareil
rename = Changer le nom
save = Enregistrer
saved = enregistré
draft-kept = Pas encore enregistré : vous écriviez ici quand la page s’est fermée.
not-saved = Pas enregistré. Votre saisie est toujours là : réessayez.
delete = Supprimer
remove = Retirer
change = Changer
yes = Oui
no = Non
none = Aucun
take = Prendre
ignore = Ignorer
other-value = Autre valeur
other-set = a mis
other-removed = a retiré cette valeur
you = Vous
you-set = avez mis
you-removed = avez retiré cette valeur
quoted = « { $text } »
decided = Choix fait
call = Appeler
write = Écrire
directions = Itinéraire
visit = Visite
log-visit = Noter une visite
call-to = Appeler : { $label }
write-to = Écrire : { $label }
show-on-map = Voir sur la carte
open-website = Ouvrir le site
reach = Coordonnées
details = Adresse et détails
add-reach = Ajouter un téléphone ou un e‑mail
add-a-number = Ajouter un numéro
add-an-email = Ajouter un e‑mail
add-an-address = Ajouter une adresse
add-a-text = Ajouter
add-a-date = Ajouter une date
add-an-amount = Ajouter un montant
add-a-choice = Choisir
add-a-note = Ajouter une note
add-a-company = Ajouter une entreprise
add-tags = Ajouter des étiquettes, avec des virgules
kind-of-item = Type
already-there = « { $value } » y est déjà.
removed-value = { $value } retiré
newer-field = d’une version plus récente
kind-contact = Contact
kind-company = Entreprise
kind-deal = Affaire
choose-company = Quelle entreprise ?
remove-link = Retirer le lien
link-removed = Lien retiré
contacts-count = { $n ->
    [one] { $n } contact
   *[other] { $n } contacts
}
new-deal = Nouvelle affaire
next-up = À venir
plan-next = Prévoir une suite
plan-it = Prévoir
planned = Prévu
plan-changed = Modifié
change-plan = Modifier ce qui est prévu
mark-done = Marquer faite
marked-done = { $name }, fait
activity-kind = Type d’activité
activity-deleted = Activité supprimée
subject = Objet
outcome = Résultat
then-what = Et ensuite ?
then-hint = Par exemple : envoyer l’offre
then-when = Quand ?
day-hint = Par exemple : demain, vendredi, { $example }
on-which-day = Jour
at-what-time = Heure
log-it = Noter
logged = Noté
timeline = Fil
created-contact = Contact créé
created-company = Entreprise créée
created-deal = Affaire créée
created-activity = Activité créée
created-member = Arrivée d’un collègue
deletion = Suppression
restoration = Rétablissement
field-changed = { $n ->
    [0] { $field } : modification
   *[other] { $field } et { $n } autres : modification
}
history-none = Rien n’a encore été modifié.
history-empty = rien

## activités, libellés
activity-visit = Visite
activity-call = Appel
activity-mail = E‑mail
activity-task = Tâche
activity-comment = Commentaire
label-phones-mobile = Mobile
label-phones-work = Bureau
label-phones-home = Domicile
label-phones-other = Téléphone
label-phones-fax = Fax
label-emails-mobile = E‑mail mobile
label-emails-work = E‑mail professionnel
label-emails-home = E‑mail personnel
label-emails-other = E‑mail

## étapes, états, raisons
stage-first_contact = Premier contact
stage-visited = Visite faite
stage-offer = Offre envoyée
stage-negotiation = Négociation
stage-agreed = Accord de principe
status-open = En cours
status-won = Gagnée
status-lost = Perdue
status-hold = En attente
lost_reason-price = Prix trop élevé
lost_reason-competitor = Concurrent choisi
lost_reason-postponed = Projet reporté sans date
lost_reason-silence = Pas de réponse
lost_reason-other = Autre raison

## champs
field-contact-first_name = Prénom
field-contact-last_name = Nom
field-contact-job_title = Fonction
field-contact-company = Entreprise
field-contact-phones = Téléphone
field-contact-emails = E‑mail
field-contact-street = Rue
field-contact-postcode = Code postal
field-contact-city = Ville
field-contact-country = Pays
field-contact-birthday = Anniversaire
field-contact-tags = Étiquettes
field-contact-notes = Notes
field-contact-owner = Responsable
field-contact-source = Origine
field-contact-imported = Import
field-company-name = Nom
field-company-industry = Secteur
field-company-phones = Téléphone
field-company-emails = E‑mail
field-company-website = Site web
field-company-street = Rue
field-company-postcode = Code postal
field-company-city = Ville
field-company-country = Pays
field-company-tags = Étiquettes
field-company-notes = Notes
field-company-owner = Responsable
field-company-source = Origine
field-deal-name = Nom
field-deal-company = Entreprise
field-deal-contacts = Contacts
field-deal-amount = Montant
field-deal-close_on = Clôture prévue
field-deal-stage = Étape
field-deal-stage_since = À cette étape depuis
field-deal-rank = Ordre
field-deal-status = État
field-deal-lost_reason = Raison de la perte
field-deal-lost_detail = Précision sur la perte
field-deal-closed_at = Conclue
field-deal-owner = Responsable
field-deal-origin = Provenance
field-deal-tags = Étiquettes
field-deal-notes = Notes
field-activity-activity = Type
field-activity-subject = Objet
field-activity-due_on = Jour
field-activity-due_time = Heure
field-activity-done_at = Fait
field-activity-outcome = Résultat
field-activity-contact = Contact
field-activity-company = Entreprise
field-activity-deal = Affaire
field-activity-owner = Responsable
field-member-name = Nom
field-member-person = Personne

## saisie
input-date = « { $found } » n’est pas une date. Écrivez par exemple { $example }.
input-future = « { $found } » est dans le futur.
input-month = Il y a 12 mois. Écrivez par exemple { $example }.
input-day = { $monthname } a { $days } jours. Écrivez par exemple { $last }.
input-amount = « { $found } » n’est pas un montant. Écrivez par exemple 1 250,50.
input-unsure = « { $found } » peut se lire { $whole } ou { $part }. Écrivez celui des deux que vous voulez.
input-decimals = { $currency } a { $decimals } décimales. Écrivez moins de chiffres après la virgule.
input-range = « { $found } » dépasse le montant possible.
input-currency = « { $found } » n’est pas une devise. Écrivez par exemple EUR.
input-email = « { $found } » n’est pas une adresse. Écrivez par exemple nom@entreprise.fr.
input-phone = « { $found } » n’est pas un numéro. Écrivez par exemple 06 12 45 78 03.
input-phone-date = « { $found } » est une date, pas un numéro. Écrivez par exemple 06 12 45 78 03.
input-damaged-phone = Un tableur a tronqué ce numéro : « { $found } ». Écrivez-le à nouveau.
input-url = « { $found } » n’est pas une adresse web. Écrivez par exemple entreprise.fr.
input-time = « { $found } » n’est pas une heure. Écrivez par exemple 14:30.
input-too-long = C’est trop long : { $limit } caractères au plus.

## Board and list of deals
pipeline-name = Ventes directes
board-view = Vue
board-as-board = Tableau
board-as-list = Liste
board-mine = À moi
board-new = Nouvelle affaire
board-summary = Résumé, chaque partie filtre les affaires
board-open = Total ouvert
more-than = plus de { $amount }
less-than = moins de { $amount }
board-weighted = Pondéré
board-weighted-hint = Ne montrer que les affaires à 50 % et plus
board-closing = Clôture ce mois-ci
board-attention = À traiter
board-attention-hint = En retard, ou rien de prévu
board-deals = { $count ->
    [one] { $count } affaire
   *[other] { $count } affaires
}
board-none = Aucune affaire
board-none-here = Aucune affaire ne passe ces filtres
board-clear = Effacer les filtres
board-empty = Pas encore d’affaire
board-empty-more = Une affaire, c’est une vente en cours : un nom, un montant, une étape. Elle avance de gauche à droite.
board-show-more = { $count ->
    [one] Afficher { $count } autre
   *[other] Afficher { $count } autres
}
board-rotting = { $count ->
    [one] Sans mouvement depuis { $count } jour
   *[other] Sans mouvement depuis { $count } jours
}
board-days = { $count } j
board-drop = Déposer pour clore
board-keys = Espace soulève la carte, les flèches la déplacent, Entrée la pose, Échap la remet.
board-lifted = { $name } est soulevée. { $stage }, place { $place } sur { $count }.
board-at = { $stage }, place { $place } sur { $count }
board-dropped = { $name } est posée dans { $stage }, place { $place }.
board-returned = { $name } est revenue à sa place.
board-moved = { $name } passe en « { $stage } »
board-status = État
board-column-name = Affaire
board-column-amount = Montant
board-column-next = À venir
board-column-close = Clôture
board-order = Trier

## Deal
deal-untitled = Affaire sans nom
deal-led-by-you = suivie par vous
deal-led-by = suivie par { $name }
deal-no-amount = Montant à définir
deal-weighted = pondéré { $amount } à { $percent }
deal-steps = Étape de l’affaire
deal-since = depuis { $count } j
deal-since-today = depuis aujourd’hui
deal-won = Gagnée
deal-lost = Perdue…
deal-hold = En attente
deal-reopen = Rouvrir
deal-is-won = Gagnée { $at }
deal-is-lost = Perdue { $at }
deal-is-hold = En attente
deal-was-won = { $name } gagnée
deal-was-lost = { $name } perdue
deal-was-held = { $name } mise en attente
deal-was-reopened = { $name } rouverte
deal-why-lost = Pourquoi l’affaire « { $name } » est-elle perdue ?
deal-lost-needs-reason = Choisissez la raison la plus proche.
deal-reason = Raison
deal-detail = Précision, si vous voulez
deal-mark-lost = Marquer perdue
deal-fields = Affaire
deal-people = Personnes
deal-add-person = Ajouter une personne
deal-role = Rôle dans l’affaire
deal-role-example = décide, prescrit, achète…
deal-role-of = Rôle de { $name }
deal-role-done = Enregistrer
deal-remove-person = Retirer de l’affaire
deal-person-removed = { $name } retirée de l’affaire
deal-log = Journal des étapes
deal-log-none = Pas encore de changement d’étape
deal-less-than-a-day = < 1 j
comment-add = Commenter
comment-keep = Publier
comment-kept = Commentaire ajouté
deal-add-company = Ajouter une entreprise
deal-currency = Devise
deal-new-title = Nouvelle affaire
deal-new-name = Nom de l’affaire
deal-new-name-example = Coffrets de fin d’année
deal-new-amount = Montant
deal-new-company = Entreprise
deal-new-company-none = Aucune
deal-new-stage = Étape
deal-new-make = Créer l’affaire
deal-new-needs-name = Donnez un nom à l’affaire, même provisoire.
deal-new-made = { $name } créée

## Go to
palette-title = Aller à…
palette-hint = Nom, écran ou action
palette-recent = Récemment ouvert
palette-records = Fiches
palette-screens = Écrans
palette-actions = Actions
palette-none = Rien pour « { $typed } »
palette-all = Voir dans la liste : { $all }
palette-results = { $count ->
    [0] Aucun résultat
    [one] { $count } résultat
   *[other] { $count } résultats
}
palette-contacts = Contacts
palette-companies = Entreprises
palette-deals = Affaires
palette-settings = Réglages
palette-import = Importer des contacts
palette-new-contact = Nouveau contact
palette-new-company = Nouvelle entreprise
palette-share = Partager l’espace
palette-sync = Voir la synchronisation
palette-theme = Changer de thème

## Sync, offline, update, install
sync-title = Synchronisation
sync-last-contact = · dernier contact { $at }
sync-needs-you = La synchronisation a besoin de vous.
sync-nothing-lost = Rien n’est perdu, voyez quoi faire
sync-refused = { $count ->
    [one] { $count } modification refusée.
   *[other] { $count } modifications refusées.
}
sync-refused-by-server = { $count ->
    [one] { $count } modification refusée par le serveur
   *[other] { $count } modifications refusées par le serveur
}
sync-refused-safe = Votre travail est à l’abri sur cet appareil.
sync-unread = Fiches à vérifier
unread-apart = cette version ne peut pas montrer tout ce qui est arrivé pour elle. C’est gardé ici et relu plus tard ; si une mise à jour est proposée, prenez-la.
unread-anew = son historique sur cet appareil était endommagé. Elle continue avec ce que montrait la liste ; relisez sa note.
refused-malformed = elle est arrivée abîmée. Renvoyez-la : elle sera réécrite.
refused-too-large = elle est trop longue. Faites-la en plusieurs fois.
refused-time = l’horloge de cet appareil était fausse. Réglez-la, puis renvoyez.
refused-writer = elle portait la signature d’une autre personne. Renvoyez-la : elle sera réécrite à votre nom.
refused-sequence = les données de cet appareil ont été copiées ou ramenées en arrière. Renvoyez-la : elle sera réécrite.
refused-builds-on-refused = elle dépend d’une modification refusée. Renvoyez-la : les deux seront réécrites.
refused-invalid = la fiche devenait illisible avec elle. Renvoyez-la : elle sera réécrite.
refused-record-too-large = la fiche contient trop de choses. Allégez-la, puis renvoyez.
refused-too-costly = le serveur mettait trop de temps à la vérifier. Faites-la en plusieurs fois.
refused-gone = la fiche a été effacée pour tout le monde. Votre texte est gardé ici ; copiez-le où il convient.
refused-squashed = la fiche a été recommencée entre-temps. Renvoyez-la : elle sera écrite dans la nouvelle.
refused-forbidden = vous ne pouvez pas modifier cette fiche. Demandez à un collègue qui le peut, ou copiez votre texte ailleurs.
sync-send-again = Renvoyer
sync-not-shared = Cet espace n’est pas partagé.
sync-only-here = Il est enregistré sur cet appareil seulement
sync-only-here-more = Il est enregistré sur cet appareil seulement. Partagez-le pour l’avoir ailleurs, ou gardez-en un fichier.
sync-sending = { $count ->
    [one] Envoi de { $count } modification…
   *[other] Envoi de { $count } modifications…
}
sync-receiving = Réception…
sync-saved-already = déjà enregistrées ici
sync-offline-waiting = { $count ->
    [one] Hors ligne · { $count } modification attend
   *[other] Hors ligne · { $count } modifications attendent
}
sync-on-this-device = sur cet appareil
sync-offline-none = Hors ligne · rien n’attend
sync-in-sync = À jour.
sync-confirmed-at = Confirmé par le serveur { $at }
sync-confirmed-until = Confirmé par le serveur { $at }
sync-nothing-confirmed = Rien n’est encore confirmé par le serveur
sync-in-touch = Le serveur répond
sync-contact-ago = Dernier contact { $ago }
sync-no-contact = Pas encore de contact avec le serveur
sync-all-saved = Tout est enregistré sur cet appareil
sync-counts = { $contacts ->
    [one] { $contacts } contact
   *[other] { $contacts } contacts
}, { $companies ->
    [one] { $companies } entreprise
   *[other] { $companies } entreprises
}, { $deals ->
    [one] { $deals } affaire
   *[other] { $deals } affaires
}
sync-wait-for-network = { $count ->
    [one] { $count } modification attend le réseau
   *[other] { $count } modifications attendent le réseau
}
sync-leave-alone = Elles partiront seules.
sync-and-more = et { $count } de plus
sync-a-record = une fiche
sync-retry = Réessayer
sync-copy-report = Copier le rapport
sync-save-file = Enregistrer un fichier
report-copied = Rapport copié. Il ne contient aucune donnée de client.
offline-ready = Prêt pour le hors-ligne
offline-ready-more = L’application et toutes les fiches sont ici
offline-preparing = Mise en place du hors-ligne
offline-progress = { $here } modifications reçues sur { $all }
offline-received = Fiches reçues
offline-app-coming = L’application s’enregistre sur cet appareil…
offline-counts = Application { $version }, { $count ->
    [one] { $count } fiche
   *[other] { $count } fiches
}{ $kept ->
    [yes] , gardées par le navigateur
   *[other] { "" }
}
offline-counts-size = Application { $version }, { $count ->
    [one] { $count } fiche
   *[other] { $count } fiches
}, { $size }{ $kept ->
    [yes] , gardés par le navigateur
   *[other] { "" }
}
offline-keep = Garder
update-ready = Nouvelle version prête
update-keeps = Votre saisie est gardée.
update-restart = Relancer
later = Plus tard
install-title = Installer Terrain
install-why = Plein écran, et vos données mieux gardées.
install-now = Installer
install-share = Touchez Partager
install-share-where = en haut à droite de Safari
install-home = Choisissez « Sur l’écran d’accueil »
install-home-then = puis Ajouter. Safari gardera vos données.

## Share and join
share-open = Partager…
share-title = Partager « { $name } »
share-lead = Montrez le code à un collègue, ou envoyez-lui le lien. Qui l’a peut tout lire et tout modifier.
share-wait = Un instant, le serveur prépare le lien…
share-link = Lien de l’équipe
share-qr = Code QR du lien
share-send = Envoyer le lien
share-subject = Rejoignez l’équipe dans Terrain
share-copy = Copier
share-copied = Lien copié
share-copy-by-hand = Ce navigateur ne laisse pas copier. Touchez le lien, puis copiez-le.
share-keep = Gardez-le entre vous : ce lien est la clé de l’équipe.
share-renew = Renouveler le lien
share-renew-what = L’ancien cesse de marcher, et chaque collègue aura besoin du nouveau.
share-renew-ask = Renouveler le lien de « { $name } » ?
share-renew-lead = Les liens et codes déjà envoyés ne marcheront plus. Vos collègues gardent leur travail ; ils continuent avec le nouveau lien.
share-renew-now = Renouveler
share-renewed = Lien renouvelé
join-team = Rejoindre une équipe
join-title = Rejoindre « { $name } »
join-unnamed = une équipe
join-lead = Toutes les fiches de l’équipe viendront sur cet appareil, et y marcheront sans réseau. Votre nom signe ce que vous y changez.
join-already = Cet espace est déjà sur cet appareil. Rejoindre l’ouvre, avec ce lien.
join-busy = Connexion au serveur…
join-again = Réessayer
join-not = Pas maintenant
join-link-example = https://…/#join=…
join-use-link = Utiliser ce lien
join-paste-new = Coller le nouveau lien
join-link-taken = Le nouveau lien est enregistré

## Settings
settings-you = Vous et cet appareil
settings-name-why = Signe vos visites et vos modifications
settings-device = Nom de l’appareil
settings-device-why = Visible de vos collègues
settings-display = Affichage
theme = Thème
theme-system = Système
theme-light = Clair
theme-dark = Sombre
workspaces = Espaces de travail
workspace-name = Nom de l’espace ouvert
workspace-name-why = Le même pour toute l’équipe
workspace-shared = { $count ->
    [one] Partagé · { $count } fiche
   *[other] Partagé · { $count } fiches
}
workspace-local = { $count ->
    [one] Sur cet appareil seulement · { $count } fiche
   *[other] Sur cet appareil seulement · { $count } fiches
}
workspace-is-sample = { $count ->
    [one] Données d’exemple · { $count } fiche
   *[other] Données d’exemple · { $count } fiches
}
workspace-shared-other = Partagé
workspace-local-other = Sur cet appareil seulement
workspace-is-sample-other = Données d’exemple
workspace-add = Créer ou rejoindre un espace
workspace-new = Nom du nouvel espace
workspace-make = Créer
workspace-make-sample = Créer un espace d’exemple
workspace-remove = Retirer cet espace de l’appareil
workspace-remove-sample = Supprimer l’exemple
workspace-remove-sample-ask = Supprimer l’exemple ?
workspace-remove-sample-lead = Les fiches d’exemple disparaissent de cet appareil. Vos autres espaces restent.
workspace-remove-ask = Retirer « { $name } » de cet appareil ?
workspace-remove-shared = Le serveur a tout confirmé. Vous pourrez revenir avec le lien de l’équipe.
workspace-remove-local = Cet espace n’existe que sur cet appareil. Enregistrez d’abord un fichier pour le garder.
workspace-only-here = { $count ->
    [one] { $count } modification n’est que sur cet appareil
   *[other] { $count } modifications ne sont que sur cet appareil
}
workspace-leave-waiting = Si vous quittez l’équipe maintenant, vos collègues ne les verront pas.
workspace-wait = Attendre le réseau
workspace-leave = Quitter l’équipe
workspace-remove-now = Retirer
workspace-restored = Espace restauré
data = Données
file-save = Tout enregistrer dans un fichier
file-save-lead = Se restaure sur n’importe quel appareil, sans réseau
file-saved = { $name } est dans vos téléchargements
file-not-saved = Le navigateur n’a pas pris { $name }. Réessayez dans une autre fenêtre.
file-restore = Restaurer un fichier
file-restore-lead = Dans un espace vide, sans réseau
file-restore-where = Cet espace n’est pas vide
file-restore-make = Créer un espace et restaurer
file-restored = { $count ->
    [one] { $count } fiche restaurée
   *[other] { $count } fiches restaurées
}
file-left-out = { $count ->
    [one] { $count } illisible, laissée de côté
   *[other] { $count } illisibles, laissées de côté
}
import-contacts = Importer des contacts
import-contacts-lead = CSV de Google Contacts, Outlook et d’autres
about = À propos
about-terrain = Terrain
about-version = Version { $version }, { $build }
about-report-lead = Versions, nombres et états, aucune donnée de client

## Import
import-done = Import terminé
import-back = Retour
import-from-google = Google Contacts reconnu
import-lines = { $count ->
    [one] { $count } ligne
   *[other] { $count } lignes
}
import-commas = virgules
import-semicolons = points-virgules
import-tabs = tabulations
import-bars = barres
import-choose = Choisissez un fichier CSV
import-choose-more = Exporté de Google Contacts, d’Outlook ou d’un tableur. Vous verrez tout avant que rien ne change.
import-pick = Choisir un fichier
import-other-file = Choisir un autre fichier
import-not-read = Ce fichier n’a pas pu être lu
import-empty = Il est vide. Exportez-le de nouveau, puis réessayez.
import-too-large = Il dépasse { $limit } Mo. Exportez moins de contacts à la fois.
import-workbook = C’est un classeur de tableur. Enregistrez-le au format CSV, puis réessayez.
import-not-csv = Ce n’est pas un fichier CSV. Exportez vos contacts au format CSV, puis réessayez.
import-too-many-lines = Il a plus de { $limit } lignes. Partagez-le en plusieurs fichiers.
import-too-many-columns = Il a plus de { $limit } colonnes. Retirez celles dont vous n’avez pas besoin.
import-open-quote = Un guillemet ouvert à la ligne { $line } n’est jamais fermé. Corrigez-le dans le fichier.
import-columns = Colonnes
import-empty-columns = { $count ->
    [one] { $count } colonne vide
   *[other] { $count } colonnes vides
}
import-encoding = Écriture des caractères
import-titles = Titres des colonnes
import-titles-in = titres en ligne { $line }
import-no-titles = sans titres : la ligne 1 est un contact
import-becomes = « { $column } » devient
import-to-skip = Ne pas importer
import-to-id = Identifiant d’origine
import-to-full-name = Nom complet
import-to-middle-name = Deuxième prénom
import-to-first-name = Prénom
import-to-last-name = Nom
import-to-job-title = Fonction
import-to-company = Entreprise, créée au besoin
import-to-phone-mobile = Téléphone mobile
import-to-phone-work = Téléphone, travail
import-to-phone-home = Téléphone, domicile
import-to-phone-other = Téléphone
import-to-phone-fax = Fax
import-to-email-work = E‑mail, travail
import-to-email-home = E‑mail, personnel
import-to-email-other = E‑mail
import-to-street = Rue
import-to-street-more = Rue, suite
import-to-postcode = Code postal
import-to-city = Ville
import-to-country = Pays
import-to-birthday = Anniversaire
import-to-tags = Étiquettes
import-to-notes = Notes
import-to-label = Libellé
import-preview = Aperçu
import-see-wrong = { $count ->
    [one] Voir la ligne à revoir
   *[other] Voir les { $count } lignes à revoir
}
import-see-all = Voir toutes les lignes
import-line = Ligne
import-name = Nom
import-company = Entreprise
import-phone = Téléphone
import-email = E‑mail
import-outcome = Ce qui arrivera
import-cell = { $column }, ligne { $line }
import-new = Nouveau
import-completes = Complète la fiche
import-restores = Fait revenir la fiche
import-unchanged = Déjà à jour
import-double = Avec la ligne { $line }
import-already-there = Déjà là, laissé tel quel
import-not-there = Nouveau, laissé de côté
import-deleted = Supprimé ici, laissé de côté
import-same-id = même identifiant
import-same-email = même e‑mail
import-same-phone = même numéro
import-same-name = même nom
import-was-deleted = supprimé
import-another = Une autre personne
import-is-same = La même que { $name }
import-stays-deleted = Laisser supprimé
import-bring-back = Faire revenir
import-keep = Garder « { $value } »
import-keep-empty = Laisser vide
import-take = Prendre « { $value } »
import-open-more = Sauf décision de votre part, personne n’est fusionné et rien de ce que vous avez écrit n’est remplacé.
import-missing-name = Nom manquant
import-extra-cells = Trop de cellules sur cette ligne
import-why-input-email = E‑mail incomplet
import-why-input-phone = Numéro illisible
import-why-input-damaged-phone = Numéro abîmé par un tableur
import-why-input-date = Date illisible
import-why-input-future = Dans le futur
import-why-input-day = Jour impossible
import-why-input-month = Mois impossible
import-why-input-too-long = Texte trop long
import-mode = Que faire
import-create = Créer
import-complete = Compléter
import-both = Les deux
import-run = { $count ->
    [one] Importer { $count } contact
   *[other] Importer { $count } contacts
}
import-nothing = Rien à importer
import-nothing-new = Rien de nouveau
import-count-new = { $count ->
    [one] { $count } nouveau
   *[other] { $count } nouveaux
}
import-count-completed = { $count ->
    [one] { $count } complété
   *[other] { $count } complétés
}
import-count-unchanged = { $count } déjà à jour
import-count-double = { $count } en double
import-count-left = { $count ->
    [one] { $count } laissé de côté
   *[other] { $count } laissés de côté
}
import-count-open = { $count } à décider
import-count-wrong = { $count } à revoir
import-yellow-left = Les lignes jaunes non corrigées sont laissées de côté.
import-progress = { $done } fiches enregistrées sur { $all }
import-progress-label = Fiches enregistrées
import-made = { $count ->
    [one] créé
   *[other] créés
}
import-completed = { $count ->
    [one] complété
   *[other] complétés
}
import-doubles = en double
import-left-out = { $count ->
    [one] laissé de côté
   *[other] laissés de côté
}
import-made-one = Créé
import-completed-one = Complété
import-left-title = Laissés de côté
import-left-file = À revoir
import-download = Télécharger ces lignes
import-no-name = Sans nom
import-all-lines = Ligne par ligne
import-show-lines = Voir toutes les lignes
import-hide-lines = Masquer les lignes
import-again = Importer le même fichier une seconde fois ne changera rien.
import-saved = Enregistré sur cet appareil
import-took = { $seconds ->
    [0] en moins d’une seconde.
   *[other] en { $seconds } s.
}
import-undo = Annuler l’import
import-undone = { $stay ->
    [0] Import annulé
    [one] Import annulé. Une fiche modifiée depuis reste.
   *[other] Import annulé. { $stay } fiches modifiées depuis restent.
}
import-undo-named = Annuler l’import de { $name }
import-earlier = Imports précédents
import-see = Voir les contacts
