//! One device: the client machine, a socket, and a disk in memory.

use crate::{Failure, Place};
use futures_util::{SinkExt, StreamExt};
use shared::id::{ChangeHash, DeviceId, PersonId, RecordId, Writer};
use shared::sync::client::{Client, Effect, Event, Outgoing, Point, Read, Resume, Status, Store};
use shared::time::Timestamp;
use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// The device's clock.
pub fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    Timestamp(since.map_or(0, |since| since.as_millis() as i64))
}

/// A device of the crowd.
pub struct Device {
    place: Place,
    /// Who it writes as.
    pub writer: Writer,
    client: Client,
    socket: Option<Socket>,
    outbox: BTreeMap<u64, Outgoing>,
    last_key: u64,
    wake_at: Option<Timestamp>,
    events: VecDeque<Event>,
    /// Hashes of what came from others since it was last asked.
    pub received: Vec<ChangeHash>,
    /// What the server refused, in words.
    pub refused: Vec<String>,
}

impl Device {
    /// The device of this number, with an empty disk.
    pub fn new(place: &Place, number: u32) -> Device {
        let mut id = [0x10; 16];
        id[..4].copy_from_slice(&number.to_be_bytes());
        let mut person = [0x20; 8];
        person[..4].copy_from_slice(&number.to_be_bytes());
        let writer = Writer {
            person: PersonId(person),
            instance: (now().0 as u64 ^ u64::from(number) << 48).to_be_bytes(),
        };
        let resume = Resume {
            build: "load".into(),
            device: DeviceId(id),
            incarnation: writer.instance,
            person: writer.person,
            point: Point::default(),
            waiting: 0,
        };
        Device {
            place: place.clone(),
            writer,
            client: Client::new(resume, now()),
            socket: None,
            outbox: BTreeMap::new(),
            last_key: 0,
            wake_at: None,
            events: VecDeque::from([Event::Started]),
            received: Vec::new(),
            refused: Vec::new(),
        }
    }

    /// How things stand.
    pub fn status(&self) -> Status {
        self.client.status()
    }

    /// Saves changes, which then go out.
    pub fn save(&mut self, changes: impl IntoIterator<Item = (RecordId, Vec<u8>)>) {
        let mut saved = Vec::new();
        for (document, bytes) in changes {
            self.last_key += 1;
            let outgoing = Outgoing {
                key: self.last_key,
                document,
                generation: 0,
                bytes,
            };
            self.outbox.insert(self.last_key, outgoing.clone());
            saved.push(outgoing);
        }
        self.events.push_back(Event::Saved(saved));
    }

    /// Does what there is to do, and waits for what comes next, at most so long.
    ///
    /// # Errors
    /// The address can't be used.
    pub async fn step(&mut self, at_most: Duration) -> Result<(), Failure> {
        while let Some(event) = self.events.pop_front() {
            for effect in self.client.handle(event, now()) {
                self.obey(effect).await?;
            }
        }
        let wake = self.wake_at.map_or(at_most, |at| {
            let ahead = u64::try_from(at.0 - now().0).unwrap_or(0);
            at_most.min(Duration::from_millis(ahead))
        });
        let heard = match &mut self.socket {
            Some(socket) => tokio::time::timeout(wake, socket.next()).await.ok(),
            None => {
                tokio::time::sleep(wake).await;
                None
            }
        };
        match heard {
            Some(Some(Ok(Message::Binary(frame)))) => {
                self.events.push_back(Event::Frame(frame.to_vec()));
            }
            Some(Some(Ok(
                Message::Text(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_),
            ))) => {}
            Some(Some(Ok(Message::Close(_)) | Err(_)) | None) => {
                self.socket = None;
                self.events.push_back(Event::Closed { code: 1006 });
            }
            None if self.wake_at.is_some_and(|at| at <= now()) => {
                self.wake_at = None;
                self.events.push_back(Event::Woke);
            }
            None => {}
        }
        Ok(())
    }

    async fn obey(&mut self, effect: Effect) -> Result<(), Failure> {
        match effect {
            Effect::Connect => match self.connect().await {
                Ok(socket) => {
                    self.socket = Some(socket);
                    self.events.push_back(Event::Opened);
                }
                Err(error) => {
                    eprintln!("no socket: {error}");
                    let why = shared::sync::client::Unreachable::Network;
                    self.events.push_back(Event::Unreachable(why));
                }
            },
            Effect::Disconnect => self.socket = None,
            Effect::Send(frame) => {
                if let Some(socket) = &mut self.socket
                    && socket.send(Message::Binary(frame.into())).await.is_err()
                {
                    self.socket = None;
                    self.events.push_back(Event::Closed { code: 1006 });
                }
            }
            Effect::Store(store) => {
                self.store(store);
                self.events.push_back(Event::Stored);
            }
            Effect::Read(read) => self.read(read),
            Effect::WakeAt(at) => self.wake_at = Some(at),
            Effect::StatusChanged => {}
        }
        Ok(())
    }

    async fn connect(&self) -> Result<Socket, Failure> {
        let Place {
            origin,
            workspace,
            secret,
        } = &self.place;
        let url = origin.replacen("http", "ws", 1);
        let mut request =
            format!("{url}/api/workspaces/{workspace}/socket").into_client_request()?;
        let protocols = format!("terrain.1, secret.{secret}").parse()?;
        let header = tungstenite::http::header::SEC_WEBSOCKET_PROTOCOL;
        request.headers_mut().insert(header, protocols);
        let (mut socket, _) = connect_async(request).await?;
        if let MaybeTlsStream::Plain(stream) = socket.get_mut() {
            stream.set_nodelay(true)?;
        }
        Ok(socket)
    }

    fn store(&mut self, store: Store) {
        self.received
            .extend(store.received.iter().map(|item| item.hash));
        for key in store.confirmed {
            self.outbox.remove(&key);
        }
        for (key, reason) in store.refused {
            self.outbox.remove(&key);
            self.refused.push(reason.key().to_owned());
        }
    }

    fn read(&mut self, read: Read) {
        let (changes, more) = match read {
            Read::Outbox { after, limit } => {
                let mut rest = self.outbox.range(after + 1..);
                let changes = rest.by_ref().take(limit).map(|(_, it)| it.clone());
                (changes.collect(), rest.next().is_some())
            }
            // It keeps no documents: there is nothing to offer.
            Read::All { .. } | Read::Document(_) => (Vec::new(), false),
        };
        self.events.push_back(Event::Read { changes, more });
    }
}
