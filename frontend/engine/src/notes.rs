//! Opened records, as pages ask for them and are told.

use crate::engine::Engine;
use crate::failure::Failure;
use crate::tab::Origin;
use shared::bridge::{Event, Problem, Reply};
use shared::crm::command::Splice;
use shared::id::RecordId;

impl Engine {
    /// Types into a note where its writer saw it; what came since is merged.
    ///
    /// # Errors
    /// The note would be too long, the record is not there, or storage failed.
    pub async fn type_into(
        &mut self,
        origin: Origin,
        request: u64,
        place: (RecordId, &str, u64),
        splice: &Splice,
    ) -> Result<Reply, Failure> {
        let by = (self.writer().ok_or(Problem::NoWorkspace)?, self.clock());
        let leader = self.leader().ok_or(Problem::NoWorkspace)?;
        let typed = leader
            .type_into((origin, request), place, splice, by)
            .await?;
        if let Some(row) = typed.row {
            let record = row.id;
            self.tell_rows(vec![row]).await;
            self.tell_notes(&[record], Some(origin)).await;
            self.saved(typed.outgoing).await;
        }
        Ok(match typed.is_placed {
            true => Reply::Note(typed.note),
            false => Reply::Unplaced(typed.note),
        })
    }

    /// Tells the pages that have one of these records open about notes that differ.
    pub async fn tell_notes(&mut self, records: &[RecordId], except: Option<Origin>) {
        let Some(leader) = self.leader() else { return };
        for (origin, note) in leader.changed_notes(records, except).await {
            self.tell(origin, &Event::Note(note));
        }
    }
}
