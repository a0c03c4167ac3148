//! The engine natively, over a device in memory that fails on demand.
#![cfg(test)]

mod anew;
mod damage;
mod desk;
mod doubts;
mod faults;
mod hostile;
#[path = "../../../../tests/lib/record.rs"]
mod record;
mod samples;
mod saving;
mod typing;
mod whole;
