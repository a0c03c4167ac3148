//! Makes and reads frames for the tests of the built workers: a JSON request a line, a JSON answer a line.
//!
//! | request | answer |
//! |---|---|
//! | `{"hello": {device, person, epoch?, cursor, protocol?}}` | `{"frame": hex}` |
//! | `{"greet": {device, person, epoch?, cursor, mark?: {position, era}}}` | `{"frame": hex}` |
//! | `{"push": {person, instance, batch, refill?, generation?, edits: [{record, make?, put: {field: text}}]}}` | `{"frame", "changes"}` |
//! | `{"walk": [base, above, upto, below]}` · `{"pull": after}` · `{"ping": true}` | `{"frame"}` |
//! | `{"read": hex}` | the message, its records opened |
//! | `{"forget": record}` | the record as it is made from here on begins anew |
//!
//! Edits add to the documents that this process has made, in order; ids are hexadecimal.

use serde_json::{Value, json};
use shared::crm::Kind;
use shared::crm::command::{Edit, Write};
use shared::document::Document;
use shared::id::{DeviceId, PersonId, RecordId, Writer};
use shared::sync::message::{
    self, Epoch, Era, Hello, Mark, PROTOCOL, Packed, ToClient, ToRoom, Walk,
};
use shared::sync::packed::{pack, unpack};
use shared::sync::parcel::Parcel;
use shared::time::Timestamp;
use std::collections::BTreeMap;
use std::error::Error;
use std::io::{BufRead, Write as _};
use std::str::FromStr;
use std::time::{SystemTime, UNIX_EPOCH};

type Fallible<T> = Result<T, Box<dyn Error>>;

fn main() -> Fallible<()> {
    let mut documents = BTreeMap::new();
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let answer = answer(&mut documents, &serde_json::from_str(&line?)?)
            .unwrap_or_else(|error| json!({ "error": error.to_string() }));
        writeln!(out, "{answer}")?;
        out.flush()?;
    }
    Ok(())
}

fn answer(documents: &mut BTreeMap<RecordId, Document>, request: &Value) -> Fallible<Value> {
    if let Some(hello) = request.get("hello") {
        return Ok(frame(&ToRoom::Hello(greeting(hello)?)));
    }
    if let Some(hello) = request.get("greet") {
        let mark = hello.get("mark").filter(|mark| !mark.is_null());
        let mark = mark.map(|mark| {
            let position = mark["position"].as_u64().unwrap_or_default();
            let era = Era(id::<PersonId>(mark, "era")?.0);
            Fallible::Ok(Mark { position, era })
        });
        return Ok(frame(&ToRoom::Greet {
            hello: greeting(hello)?,
            walk: None,
            mark: mark.transpose()?,
        }));
    }
    if let Some(push) = request.get("push") {
        return pushed(documents, push);
    }
    if let Some(walk) = request.get("walk") {
        let number = |at: usize| walk[at].as_u64().unwrap_or_default();
        return Ok(frame(&ToRoom::Walk(Walk {
            base: number(0),
            above: number(1),
            upto: number(2),
            below: number(3),
        })));
    }
    if let Some(after) = request["pull"].as_u64() {
        return Ok(frame(&ToRoom::Pull { after }));
    }
    if request.get("ping").is_some() {
        return Ok(frame(&ToRoom::Ping));
    }
    if let Some(hex) = request["read"].as_str() {
        return read(hex);
    }
    if request.get("forget").is_some() {
        documents.remove(&id(request, "forget")?);
        return Ok(json!({}));
    }
    Err("no such request".into())
}

fn greeting(hello: &Value) -> Fallible<Hello> {
    let epoch = hello["epoch"]
        .as_str()
        .map(|_| id::<PersonId>(hello, "epoch"));
    Ok(Hello {
        protocol: hello["protocol"].as_u64().unwrap_or(PROTOCOL.into()) as u16,
        build: "by hand".into(),
        device: id::<DeviceId>(hello, "device")?,
        incarnation: *b"engine 1",
        person: id(hello, "person")?,
        epoch: epoch.transpose()?.map(|epoch| Epoch(epoch.0)),
        cursor: hello["cursor"].as_u64().unwrap_or_default(),
    })
}

fn pushed(documents: &mut BTreeMap<RecordId, Document>, push: &Value) -> Fallible<Value> {
    let writer = Writer {
        person: id(push, "person")?,
        instance: id::<PersonId>(push, "instance")?.0,
    };
    let generation = push["generation"].as_u64().unwrap_or_default() as u32;
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis();
    let now = Timestamp(i64::try_from(now)?);
    let mut changes = Vec::new();
    for edit in push["edits"].as_array().ok_or("no edits")? {
        let record = id(edit, "record")?;
        let put = edit["put"].as_object().ok_or("nothing to put")?;
        let writes = put
            .iter()
            .map(|(field, value)| Write::put(field, value.as_str().unwrap_or_default()));
        let edit = Edit {
            record,
            make: edit["make"]
                .as_bool()
                .unwrap_or_default()
                .then_some(Kind::Contact),
            writes: writes.collect(),
        };
        let document = documents.entry(record).or_default();
        let edited = document.edit(&edit, writer, now)?;
        changes.extend(edited.changes.into_iter().map(|it| (record, it.bytes)));
    }
    let items = changes
        .iter()
        .map(|(record, bytes)| (*record, generation, bytes.as_slice()));
    let message = ToRoom::Push {
        batch: push["batch"].as_u64().unwrap_or_default() as u32,
        refill: push["refill"].as_bool().unwrap_or_default(),
        changes: pack(items).0,
    };
    let mut answer = frame(&message);
    answer["changes"] = changes.len().into();
    Ok(answer)
}

fn read(hex: &str) -> Fallible<Value> {
    let message: ToClient = message::decode(&bytes(hex)?)?;
    let mut value = serde_json::to_value(&message)?;
    match &message {
        ToClient::Changes { changes, .. } => value["Changes"]["changes"] = items(changes)?,
        ToClient::Records { records, .. } => value["Records"]["records"] = opened(records)?,
        ToClient::News { records, .. } => value["News"]["records"] = opened(records)?,
        ToClient::Welcome { epoch, .. } => {
            value["Welcome"]["epoch"] = PersonId(epoch.0).to_string().into();
        }
        ToClient::Greeted { epoch, era, .. } => {
            value["Greeted"]["epoch"] = PersonId(epoch.0).to_string().into();
            value["Greeted"]["era"] = PersonId(era.0).to_string().into();
        }
        ToClient::EraBegan { era, .. } => {
            value["EraBegan"]["era"] = PersonId(era.0).to_string().into();
        }
        ToClient::Ack { .. }
        | ToClient::Failed { .. }
        | ToClient::Pong { .. }
        | ToClient::Refused(_)
        | ToClient::UpdateNeeded { .. } => {}
    }
    Ok(value)
}

fn items(changes: &Packed) -> Fallible<Value> {
    let items = unpack(changes)?;
    let shown = items.iter().map(|item| {
        json!({ "record": item.document.to_string(), "generation": item.generation, "hash": item.hash.to_string() })
    });
    Ok(shown.collect())
}

/// Each record with what its whole document says.
fn opened(records: &Parcel) -> Fallible<Value> {
    let mut shown = Vec::new();
    for kept in records.open()? {
        let mut document = if kept.snapshot.0.is_empty() {
            Document::new()
        } else {
            Document::open(&kept.snapshot.0)?
        };
        let whole = document.apply(kept.changes.iter().map(|change| change.0.as_slice()));
        let row = whole.ok().and_then(|_| document.row(kept.document).ok());
        shown.push(json!({
            "record": kept.document.to_string(),
            "generation": kept.generation,
            "snapshot": kept.snapshot.0.len(),
            "changes": kept.changes.len(),
            "row": kept.row.0.len(),
            "values": row.map(|row| row.values),
        }));
    }
    Ok(shown.into())
}

fn frame(message: &ToRoom) -> Value {
    let bytes = message::encode(message);
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    json!({ "frame": digits })
}

fn id<T: FromStr>(value: &Value, key: &str) -> Fallible<T>
where
    T::Err: Error + 'static,
{
    let text = value[key].as_str();
    Ok(text.ok_or_else(|| format!("no {key}"))?.parse()?)
}

fn bytes(hex: &str) -> Fallible<Vec<u8>> {
    let pairs = (0..hex.len()).step_by(2);
    let parsed = pairs.map(|at| u8::from_str_radix(hex.get(at..at + 2).unwrap_or_default(), 16));
    Ok(parsed.collect::<Result<_, _>>()?)
}
