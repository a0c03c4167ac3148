//! What went wrong, in words that say what to do.

use crate::i18n::{Arg, Words};
use shared::bridge::Problem;
use yew::AttrValue;

/// The sentence of a problem.
pub fn words_of(problem: &Problem, w: &Words) -> AttrValue {
    let key = format!("problem-{}", name_of(problem));
    let args: &[(&str, Arg<'_>)] = match problem {
        Problem::TooLong { limit, .. } => &[("limit", (*limit).into())],
        Problem::TooMany { wait_s } => &[("minutes", wait_s.div_ceil(60).into())],
        Problem::StorageUnavailable
        | Problem::StorageFull
        | Problem::NewerData
        | Problem::ReloadNeeded
        | Problem::Storage(_)
        | Problem::NoSuchRecord
        | Problem::NoWorkspace
        | Problem::BadLink
        | Problem::LinkRenewed
        | Problem::NoNetwork
        | Problem::UpdateNeeded
        | Problem::ServerFull
        | Problem::BadFile
        | Problem::NotEmpty
        | Problem::Restarted => &[],
    };
    w.with(&key, args)
}

/// The name in word keys: `problem-<name>`.
pub const fn name_of(problem: &Problem) -> &'static str {
    match problem {
        Problem::StorageUnavailable => "storage-unavailable",
        Problem::StorageFull => "storage-full",
        Problem::NewerData => "newer-data",
        Problem::ReloadNeeded => "reload-needed",
        Problem::Storage(_) => "storage",
        Problem::NoSuchRecord => "no-such-record",
        Problem::NoWorkspace => "no-workspace",
        Problem::TooLong { .. } => "too-long",
        Problem::BadLink => "bad-link",
        Problem::LinkRenewed => "link-renewed",
        Problem::NoNetwork => "no-network",
        Problem::TooMany { .. } => "too-many",
        Problem::UpdateNeeded => "update-needed",
        Problem::ServerFull => "server-full",
        Problem::BadFile => "bad-file",
        Problem::NotEmpty => "not-empty",
        Problem::Restarted => "restarted",
    }
}
