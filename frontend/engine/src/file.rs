//! The rescue file: a workspace as JSON that a person can read, with the raw changes of each
//! document, from which it can be restored whole.
//!
//! ```text
//! {"format":"terrain","version":1,"about":{"times":"…","money":"…"},"saved_at":…,"workspace":"…","build":"…",
//!  "records":[{"id":"…","type":"contact","deleted":false,"values":{…},"items":{…}}],
//!  "documents":[{"id":"…","changes":["base64",…]}]}
//! ```

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use shared::crm::import::in_order;
use shared::crm::row::Row;
use shared::document::{Document, DocumentError};
use shared::id::RecordId;
use shared::sync::header::Header;
use shared::time::Timestamp;
use std::fmt::Write as _;

/// The largest file that is read.
pub const FILE_BYTES: usize = 256 << 20;
const FORMAT: &str = "terrain";
const VERSION: u32 = 1;
/// What a reader can't guess of the values, for whoever opens the file without Terrain.
const ABOUT: &str = r#"{"times":"milliseconds since 1970-01-01T00:00Z","money":"currency and minor units: EUR 129500 is 1295.00"}"#;

/// Why a file is not restored.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// It is no file of ours, or cut.
    #[error("not a terrain file")]
    Form,
    /// A later version wrote it.
    #[error("a file of a later version")]
    Newer,
    /// A document in it can't be rebuilt.
    #[error("a document of the file: {why}")]
    Document {
        /// The record's id as it stands there.
        id: String,
        /// What is wrong.
        why: &'static str,
    },
}

/// What the head of a file says.
pub struct Head<'a> {
    /// When.
    pub saved_at: Timestamp,
    /// The workspace's name.
    pub workspace: &'a str,
    /// The app's build id.
    pub build: &'a str,
}

/// Writes a file, record by record.
pub struct FileWriter {
    head: String,
    records: String,
    documents: String,
}

impl FileWriter {
    /// An empty file.
    pub fn new(head: &Head) -> FileWriter {
        let mut text = format!(
            "{{\"format\":\"{FORMAT}\",\"version\":{VERSION},\"about\":{ABOUT},\"saved_at\":{}",
            head.saved_at.0
        );
        member(&mut text, "workspace", head.workspace);
        member(&mut text, "build", head.build);
        FileWriter {
            head: text,
            records: String::new(),
            documents: String::new(),
        }
    }

    /// Adds a record: readable where it has a row, and whole.
    pub fn add(&mut self, id: RecordId, row: Option<&Row>, changes: &[Vec<u8>]) {
        if let Some(row) = row {
            separate(&mut self.records);
            readable(&mut self.records, row);
        }
        let text = &mut self.documents;
        separate(text);
        let _ = write!(text, "{{\"id\":\"{id}\",\"changes\":[");
        for (at, bytes) in changes.iter().enumerate() {
            text.push_str(if at == 0 { "\"" } else { ",\"" });
            STANDARD.encode_string(bytes, text);
            text.push('"');
        }
        text.push_str("]}");
    }

    /// The file's bytes.
    pub fn finish(self) -> Vec<u8> {
        let mut text = self.head;
        text.push_str(",\n\"records\":[");
        text.push_str(&self.records);
        text.push_str("\n],\n\"documents\":[");
        text.push_str(&self.documents);
        text.push_str("\n]}\n");
        text.into_bytes()
    }
}

/// What a file says, as the browser's JSON parser finds it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Listed {
    /// `terrain`.
    pub format: String,
    /// The version of the format, 0 when there is none.
    pub version: u32,
    /// Each document's id and its changes in base64; `None` when there is no such list.
    pub documents: Option<Vec<(String, Vec<String>)>>,
}

/// A record read from a file, rebuilt and checked.
pub struct Restored {
    /// Its id: the one it had.
    pub record: RecordId,
    /// Its changes, each after those that it builds on.
    pub changes: Vec<Vec<u8>>,
    /// Its row.
    pub row: Row,
}

/// What a file gives back.
#[derive(Default)]
pub struct Rebuilt {
    /// The records that were rebuilt.
    pub good: Vec<Restored>,
    /// Why each of the others was not.
    pub left_out: Vec<FileError>,
}

/// Rebuilds every document of a file before anything is said to be good. One that can't be rebuilt
/// keeps no other from coming back.
///
/// # Errors
/// It is not one of ours, of a later version, or nothing in it can be rebuilt.
pub fn restore(file: Listed) -> Result<Rebuilt, FileError> {
    if file.format != FORMAT || file.version == 0 {
        return Err(FileError::Form);
    }
    if file.version > VERSION {
        return Err(FileError::Newer);
    }
    let documents = file.documents.ok_or(FileError::Form)?;
    let mut rebuilt = Rebuilt::default();
    for document in &documents {
        match rebuild(document) {
            Ok(restored) => rebuilt.good.push(restored),
            Err(error) => rebuilt.left_out.push(error),
        }
    }
    match rebuilt.left_out.pop() {
        Some(error) if rebuilt.good.is_empty() => Err(error),
        last => {
            rebuilt.left_out.extend(last);
            Ok(rebuilt)
        }
    }
}

fn rebuild((id, listed): &(String, Vec<String>)) -> Result<Restored, FileError> {
    let wrong = |why| FileError::Document {
        id: id.clone(),
        why,
    };
    let record: RecordId = id.parse().map_err(|_| wrong("its id"))?;
    let mut changes = Vec::with_capacity(listed.len());
    for text in listed {
        let change = STANDARD.decode(text).map_err(|_| wrong("not base64"))?;
        // Automerge is not safe on hostile bytes: what no room would take does not come near it.
        Header::read(&change).map_err(|_| wrong("a change"))?;
        changes.push(change);
    }
    let document = Document::load(changes.iter().map(Vec::as_slice));
    let document = document.map_err(|error| {
        wrong(match error {
            DocumentError::MissingDependencies(_) => "earlier changes are missing",
            DocumentError::NotAChange(_)
            | DocumentError::Refused(_)
            | DocumentError::NoteTooLong
            | DocumentError::Shape(_) => "a change",
        })
    })?;
    let row = document.row(record).map_err(|_| wrong("no record"))?;
    let changes = document.changes().into_iter().map(|change| change.bytes);
    Ok(Restored {
        record,
        changes: changes.collect(),
        row,
    })
}

fn readable(text: &mut String, row: &Row) {
    let deleted = !row.is_there();
    let _ = write!(
        text,
        "{{\"id\":\"{}\",\"type\":\"{}\",\"deleted\":{deleted}",
        row.id,
        row.kind.name()
    );
    member(text, "title", &row.title());
    text.push_str(",\"values\":{");
    let start = text.len();
    for field in row.kind.fields() {
        if let Some(value) = row.value(field) {
            member(text, field.key, &value.to_stored());
        }
    }
    drop_comma(text, start);
    text.push_str("},\"items\":{");
    let start = text.len();
    for field in row.kind.fields() {
        let first = text.len();
        for item in in_order(row, field) {
            match text.len() == first {
                true => {
                    let _ = write!(text, ",\"{}\":[", field.key);
                }
                false => text.push(','),
            }
            text.push_str("{\"label\":");
            string(text, &item.label);
            member(
                text,
                "text",
                match item.text.as_str() {
                    "" => &item.key,
                    words => words,
                },
            );
            text.push('}');
        }
        if text.len() > first {
            text.push(']');
        }
    }
    drop_comma(text, start);
    text.push_str("}}");
}

fn separate(list: &mut String) {
    list.push_str(if list.is_empty() { "\n" } else { ",\n" });
}

/// The comma before the first member of an object.
fn drop_comma(text: &mut String, at: usize) {
    if text.len() > at {
        text.remove(at);
    }
}

fn member(text: &mut String, key: &str, value: &str) {
    let _ = write!(text, ",\"{key}\":");
    string(text, value);
}

/// A JSON string (RFC 8259, section 7).
fn string(text: &mut String, value: &str) {
    text.push('"');
    for c in value.chars() {
        match c {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\u{0}'..='\u{1f}' => {
                let _ = write!(text, "\\u{:04x}", c as u32);
            }
            _ => text.push(c),
        }
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::crm::Kind;
    use shared::crm::command::{Edit, Write};
    use shared::crm::row::Item;
    use shared::id::{PersonId, Writer};
    use shared::money::Money;

    fn read(bytes: &[u8]) -> Result<Rebuilt, FileError> {
        let file: serde_json::Value = serde_json::from_slice(bytes).map_err(|_| FileError::Form)?;
        let document = |value: &serde_json::Value| {
            let changes = value["changes"].as_array().unwrap().iter();
            let changes = changes.map(|text| text.as_str().unwrap().to_owned());
            (value["id"].as_str().unwrap().to_owned(), changes.collect())
        };
        let documents = file["documents"].as_array();
        restore(Listed {
            format: file["format"].as_str().unwrap_or_default().into(),
            version: file["version"].as_u64().unwrap_or_default() as u32,
            documents: documents.map(|list| list.iter().map(document).collect()),
        })
    }

    fn saved() -> (Row, Vec<u8>) {
        let record = RecordId([5; 16]);
        let writer = Writer {
            person: PersonId([1; 8]),
            instance: [2; 8],
        };
        let mut document = Document::new();
        let make = Edit::make(
            record,
            Kind::Contact,
            vec![
                Write::put("first_name", "Léa \"L\" \\ \u{1}"),
                Write::put_item(
                    "tags",
                    &Item {
                        key: "vip".into(),
                        label: String::new(),
                        text: "VIP\nvip".into(),
                    },
                ),
            ],
        );
        document.edit(&make, writer, Timestamp(1)).unwrap();
        let later = Edit::of(record, vec![Write::put("notes", "aime le café")]);
        document.edit(&later, writer, Timestamp(2)).unwrap();
        let row = document.row(record).unwrap();
        let mut file = FileWriter::new(&Head {
            saved_at: Timestamp(3),
            workspace: "Équipe",
            build: "b1",
        });
        let changes: Vec<_> = document
            .changes()
            .into_iter()
            .map(|raw| raw.bytes)
            .collect();
        file.add(record, Some(&row), &changes);
        (row, file.finish())
    }

    #[test]
    fn what_was_saved_is_restored_whole() {
        let (row, bytes) = saved();
        let restored = read(&bytes).unwrap();
        assert!(restored.left_out.is_empty());
        assert_eq!(restored.good.len(), 1);
        assert_eq!(restored.good[0].row, row);
        let file: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        let record = &file["records"][0];
        assert_eq!(record["values"]["notes"], "aime le café");
        assert_eq!(record["values"]["first_name"], "Léa \"L\" \\ \u{1}");
        assert_eq!(record["items"]["tags"][0]["text"], "VIP\nvip");
        assert_eq!(file["workspace"], "Équipe");
        let money: Money = "EUR 129500".parse().unwrap();
        assert_eq!(money.minor, 129_500);
        let about = file["about"]["money"].as_str().unwrap();
        assert!(about.contains(&money.to_string()), "{about}");
        assert!(file["about"]["times"].is_string());
    }

    #[test]
    fn a_foreign_cut_or_later_file_is_refused() {
        let (_, bytes) = saved();
        for cut in [0, 1, bytes.len() / 2, bytes.len() - 3] {
            assert!(read(&bytes[..cut]).is_err(), "cut at {cut}");
        }
        assert!(read(b"{}").is_err());
        assert!(read(b"[1,2]").is_err());
        let text = String::from_utf8(bytes).unwrap();
        let later = text.replace("\"version\":1", "\"version\":2");
        assert!(matches!(read(later.as_bytes()), Err(FileError::Newer)));
    }

    fn damaged(text: &str) -> String {
        let at = text.find("\"changes\":[\"").unwrap() + 40;
        let other = match text.as_bytes()[at] {
            b'A' => "B",
            _ => "A",
        };
        format!("{}{other}{}", &text[..at], &text[at + 1..])
    }

    #[test]
    fn a_damaged_document_is_named() {
        let (_, bytes) = saved();
        let text = damaged(&String::from_utf8(bytes).unwrap());
        let error = read(text.as_bytes()).err();
        assert!(matches!(error, Some(FileError::Document { .. })));
    }

    #[test]
    fn what_is_damaged_keeps_no_other_record_from_coming_back() {
        let (row, bytes) = saved();
        let text = String::from_utf8(bytes).unwrap();
        let (head, document) = text.split_once("\"documents\":[").unwrap();
        let document = document.trim_end().strip_suffix("]}").unwrap();
        let hostile = document.replace(&row.id.to_string(), &RecordId([6; 16]).to_string());
        let hostile = damaged(&hostile);
        for documents in [
            format!("{hostile},{document}"),
            format!("{document},{hostile}"),
        ] {
            let file = format!("{head}\"documents\":[{documents}]}}");
            let rebuilt = read(file.as_bytes()).unwrap();
            let [good] = &rebuilt.good[..] else {
                panic!("one record")
            };
            assert_eq!(good.row, row);
            let [FileError::Document { id, .. }] = &rebuilt.left_out[..] else {
                panic!("one is left out")
            };
            assert_eq!(id, &RecordId([6; 16]).to_string());
        }
    }
}
