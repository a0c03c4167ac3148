//! The stages a deal goes through.

/// A stage of the pipeline. Its name is a word key: `stage-<key>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stage {
    /// The key in documents.
    pub key: &'static str,
    /// How likely a deal in this stage is won, in percent.
    pub probability: u8,
    /// After how many days without movement a deal here is marked as rotting.
    pub rotting_days: u16,
}

/// The stages in order. Every workspace has this pipeline.
pub const STAGES: &[Stage] = &[
    Stage {
        key: "first_contact",
        probability: 10,
        rotting_days: 21,
    },
    Stage {
        key: "visited",
        probability: 25,
        rotting_days: 30,
    },
    Stage {
        key: "offer",
        probability: 50,
        rotting_days: 21,
    },
    Stage {
        key: "negotiation",
        probability: 75,
        rotting_days: 14,
    },
    Stage {
        key: "agreed",
        probability: 90,
        rotting_days: 14,
    },
];

/// The stages' keys, in order.
pub const STAGE_KEYS: &[&str] = &["first_contact", "visited", "offer", "negotiation", "agreed"];

/// The stage of that key; the first one for a key of a newer version.
pub fn stage(key: &str) -> &'static Stage {
    STAGES
        .iter()
        .find(|stage| stage.key == key)
        .unwrap_or(&STAGES[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_stages_agree() {
        let keys: Vec<_> = STAGES.iter().map(|stage| stage.key).collect();
        assert_eq!(keys, STAGE_KEYS);
    }
}
