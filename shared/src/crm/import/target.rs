//! What a column of a file may hold.

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// Nothing that is taken.
    Skip,
    /// The record's own id in its source.
    Id,
    /// Given and family name in one.
    FullName,
    /// A name between the given and the family name.
    MiddleName,
    /// The contact's field of that key.
    Field(&'static str),
    /// A further line of the street.
    StreetMore,
    /// The name of the company, which is made where there is none of that name.
    Company,
    /// Telephone numbers, with the label they have unless a label column says otherwise.
    Phone(&'static str),
    /// E-mail addresses, likewise.
    Email(&'static str),
    /// The label of the numbers or addresses in that column.
    LabelOf(usize),
    /// Tags.
    Tags,
}

impl Target {
    /// What a person may choose for a column, in the order of the form. The word key of each is
    /// `import-to-` and [`Target::name`].
    pub const CHOICES: &[Target] = &[
        Target::Skip,
        Target::Field("first_name"),
        Target::Field("last_name"),
        Target::FullName,
        Target::Field("job_title"),
        Target::Company,
        Target::Phone("mobile"),
        Target::Phone("work"),
        Target::Phone("home"),
        Target::Phone("other"),
        Target::Phone("fax"),
        Target::Email("work"),
        Target::Email("home"),
        Target::Email("other"),
        Target::Field("street"),
        Target::Field("postcode"),
        Target::Field("city"),
        Target::Field("country"),
        Target::Field("birthday"),
        Target::Tags,
        Target::Field("notes"),
        Target::Id,
    ];

    /// A name for forms and words, unique among [`Target::CHOICES`].
    pub fn name(self) -> String {
        match self {
            Target::Skip => "skip".into(),
            Target::Id => "id".into(),
            Target::FullName => "full-name".into(),
            Target::MiddleName => "middle-name".into(),
            Target::Field(key) => key.replace('_', "-"),
            Target::StreetMore => "street-more".into(),
            Target::Company => "company".into(),
            Target::Phone(label) => format!("phone-{label}"),
            Target::Email(label) => format!("email-{label}"),
            Target::LabelOf(_) => "label".into(),
            Target::Tags => "tags".into(),
        }
    }

    /// Whether several columns may hold it.
    pub(super) const fn is_plural(self) -> bool {
        matches!(
            self,
            Target::Skip | Target::Phone(_) | Target::Email(_) | Target::Tags | Target::LabelOf(_)
        )
    }
}
