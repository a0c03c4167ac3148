use super::*;

fn header(text: &str) -> Vec<String> {
    text.split(',').map(str::to_owned).collect()
}

#[test]
fn google_is_told_by_several_headers_in_either_template() {
    let current = header(
        "Labels,First Name,Last Name,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,Phone 2 - Value,Organization Name",
    );
    let source = recognise(&current).unwrap();
    assert_eq!(source.key, "google");
    let mapping = guess(&current, Some(source));
    assert_eq!(mapping[3..5], [Target::LabelOf(4), Target::Email("other")]);
    assert_eq!(mapping[7..9], [Target::LabelOf(8), Target::Phone("other")]);
    let old = header(
        "Name,Given Name,Family Name,Yomi Name,Group Membership,E-mail 1 - Type,E-mail 1 - Value,Organization 1 - Name",
    );
    let mapping = guess(&old, recognise(&old));
    assert_eq!(mapping[0], Target::Skip);
    assert_eq!(mapping[7], Target::Company);
    assert_eq!(recognise(&header("First Name,Last Name,Labels")), None);
}

#[test]
fn other_files_are_guessed_by_their_words() {
    let columns = header("Prénom,NOM,Société,E-mail,Portable,Code postal,Inconnu");
    assert_eq!(
        guess(&columns, None),
        [
            Target::Field("first_name"),
            Target::Field("last_name"),
            Target::Company,
            Target::Email("work"),
            Target::Phone("mobile"),
            Target::Field("postcode"),
            Target::Skip,
        ]
    );
    assert_eq!(guess(&header("Name,City,City"), None)[2], Target::Skip);
}

#[test]
fn headers_are_read_by_their_words() {
    let becomes = |title: &str, target| {
        assert_eq!(guess(&[title.to_owned()], None)[0], target, "{title}");
    };
    becomes("Home Phone 2", Target::Phone("home"));
    becomes("Business Fax", Target::Phone("fax"));
    becomes("Company Main Phone", Target::Phone("work"));
    becomes("Other Phone", Target::Phone("other"));
    becomes("MobilePhone", Target::Phone("mobile"));
    becomes("Tél. (bureau)", Target::Phone("work"));
    becomes("Téléphone portable", Target::Phone("mobile"));
    becomes("E-mail 2 Address", Target::Email("work"));
    becomes("Adresse de messagerie", Target::Email("work"));
    becomes("Person - Email (Home)", Target::Email("home"));
    becomes("MailingPostalCode", Target::Field("postcode"));
    becomes("Mailing Zip/Postal Code", Target::Field("postcode"));
    becomes("Business Country/Region", Target::Field("country"));
    becomes("Ville (bureau)", Target::Field("city"));
    becomes("Nom", Target::FullName);
    becomes("Prénom (usuel, obligatoire)", Target::Field("first_name"));
    becomes("Nom (obligatoire)", Target::FullName);
    becomes("Nom (de naissance) *", Target::FullName);
    becomes("Ville [commune]", Target::Field("city"));
    becomes("Date de naissance (JJ/MM/AAAA)", Target::Field("birthday"));
    becomes("Téléphone (fixe, mobile)", Target::Phone("work"));
    becomes("Tél. (domicile / bureau)", Target::Phone("work"));
    becomes("Téléphone (obligatoire)", Target::Phone("work"));
    becomes("Téléphone (domicile)", Target::Phone("home"));
    becomes("E-mail (perso, pro, autre)", Target::Email("work"));
    becomes("E-mail (perso)", Target::Email("home"));
    let beside = guess(&header("Prénom (usuel),Nom (usage)"), None);
    assert_eq!(beside[1], Target::Field("last_name"));
    for title in [
        "Assistant's Phone",
        "E-mail Type",
        "Manager's Name",
        "Business State",
        "Contact owner",
        "Company owner",
        "Nom (société)",
        "Adresse (ville)",
        "Remise (obligatoire)",
        "Mailing State/Province",
    ] {
        becomes(title, Target::Skip);
    }
}

#[test]
fn headers_mean_what_stands_beside_them() {
    let outlook = guess(&header("Title,Last Name,Job Title"), None);
    assert_eq!(outlook[0], Target::Skip);
    assert_eq!(outlook[2], Target::Field("job_title"));
    let salesforce = guess(&header("Salutation,Last Name,Title"), None);
    assert_eq!(salesforce[2], Target::Field("job_title"));
    let two = guess(
        &header("Email,Phone Number,Company name,Phone Number"),
        None,
    );
    assert_eq!(two[3], Target::Skip);
    let deals = guess(&header("Id,Name,StageName,Amount,CloseDate"), None);
    assert!(deals.iter().all(|target| *target == Target::Skip));
}

#[test]
fn every_choice_has_a_name_of_its_own_and_every_field_exists() {
    let mut names: Vec<String> = Target::CHOICES.iter().map(|target| target.name()).collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), Target::CHOICES.len());
    let all = SOURCES
        .iter()
        .flat_map(|source| source.columns)
        .chain(COMMON);
    for target in all.map(|(_, target)| target).chain(Target::CHOICES) {
        if let Target::Field(key) = target {
            assert!(crate::crm::Kind::Contact.field(key).is_some(), "{key}");
        }
    }
}
