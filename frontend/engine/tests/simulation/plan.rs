//! What goes wrong of itself, and when.

use super::device::Device;
use super::faults::Fault;
use super::people::RECORDS;
use super::people::record;
use super::world::{Happening, World};
use engine::platform::memory::Memory;
use shared::sync::client::Event;

const HOUR_MS: u64 = 3_600_000;
const YEAR_MS: i64 = 365 * 86_400_000;

impl World {
    /// Lets people work while things go wrong.
    pub fn live(&mut self) {
        let steps = 10 + self.random.below(20);
        for _ in 0..steps {
            let device = self.random.index(self.devices.len());
            for _ in 0..=self.random.below(2) {
                self.edit(device);
            }
            self.trouble();
            let pause = match self.random.below(8) {
                0 => 0,
                1 => self.random.below(60_000),
                _ => self.random.below(1_500),
            };
            self.run(pause as i64);
            self.try_all_doubted();
        }
    }

    /// Every device has what a timer would have it do.
    pub fn try_all_doubted(&mut self) {
        for device in 0..self.devices.len() {
            self.try_doubted(device);
        }
    }

    fn trouble(&mut self) {
        let device = self.random.index(self.devices.len());
        self.trouble_with_device(device);
        self.trouble_with_clock(device);
        self.trouble_with_copies(device);
        if self.random.once_in(3) {
            self.fold(device, false);
        }
        if self.strikes(Fault::Forged) {
            self.forge(device);
        }
        self.attack();
        self.trouble_with_records();
        if self.strikes(Fault::SocketsBroken) {
            self.break_sockets();
        }
        if self.strikes(Fault::RoomKilled) {
            self.kill_room();
        }
        if self.strikes(Fault::RoomSleeps) {
            self.put_room_to_sleep();
        }
        if self.strikes(Fault::ValidatorDown) {
            self.server.is_validator_down = true;
            let pause = self.random.below(60_000);
            self.schedule(pause, Happening::ValidatorBack);
        }
        if self.strikes(Fault::DeadlyRecord) {
            let record = record(self.random.below(RECORDS));
            self.server.deadly.insert(record);
        }
        if self.random.once_in(6) {
            let log = self.server.room.log().clone();
            self.server.backup = Some((log, self.server.rules.all()));
        }
        if self.server.backup.is_some() && self.strikes(Fault::ServerRestored) {
            self.restore_server();
            if self.random.once_in(2) {
                self.outgrow(device);
            }
        }
    }

    /// One device brings a restored server further than it was, before the others come back.
    fn outgrow(&mut self, device: usize) {
        for other in (0..self.devices.len()).filter(|other| *other != device) {
            self.devices[other].is_offline = true;
            self.drop_socket(other);
            let pause = self.random.below(300_000);
            self.schedule(pause, Happening::NetworkBack(other));
        }
        for _ in 0..self.random.below(30) {
            self.edit(device);
        }
        self.nudge(device);
        self.run(5_000);
    }

    fn trouble_with_device(&mut self, device: usize) {
        if self.strikes(Fault::EngineKilled) {
            self.kill(device);
        }
        if self.strikes(Fault::TabTakesOver) {
            self.take_over(device);
        }
        if self.strikes(Fault::DiskFull) {
            self.devices[device].host.is_full.set(true);
            let pause = self.random.below(120_000);
            self.schedule(pause, Happening::SpaceBack(device));
        }
        if self.strikes(Fault::Partition) {
            self.devices[device].is_partitioned = true;
            let pause = self.random.below(120_000);
            self.schedule(pause, Happening::NetworkBack(device));
        }
        if self.strikes(Fault::Offline) {
            self.devices[device].is_offline = true;
            self.drop_socket(device);
            let pause = self.random.below(HOUR_MS / 4);
            self.schedule(pause, Happening::NetworkBack(device));
        }
        if self.faults.is_on(Fault::OldProtocol) && self.random.once_in(6) {
            self.devices[device].speaks_old = true;
            self.restart(device);
            let pause = self.random.below(60_000);
            self.schedule(pause, Happening::Update(device));
        }
    }

    fn trouble_with_clock(&mut self, device: usize) {
        if self.strikes(Fault::ClockOff) {
            let years = self.random.below(10) as i64 - 8;
            self.devices[device].clock_ms = years * YEAR_MS;
        }
        if self.strikes(Fault::ClockJumps) {
            let jump = self.random.below(4 * HOUR_MS) as i64 - 2 * HOUR_MS as i64;
            self.devices[device].clock_ms += jump;
        }
    }

    fn trouble_with_copies(&mut self, device: usize) {
        if self.random.once_in(6) {
            let copy = self.copy_of(device);
            self.devices[device].backup = Some(self.host(copy));
        }
        if self.devices[device].backup.is_some() && self.strikes(Fault::DeviceRestored) {
            self.restore_device(device);
        }
        if self.devices.len() < 4 && self.strikes(Fault::DeviceCloned) {
            let copy = self.copy_of(device);
            let clone = self.devices[device].of(self.host(copy));
            self.devices.push(clone);
            self.start(self.devices.len() - 1);
        }
    }

    fn copy_of(&mut self, device: usize) -> Memory {
        let seed = u64::from_le_bytes(self.random.bytes());
        self.devices[device].host.memory.copy(seed)
    }

    fn drop_socket(&mut self, device: usize) {
        let engine = self.devices[device].engine.as_ref();
        if let Some((number, Some(socket))) = engine.map(|it| (it.number, it.socket)) {
            self.hang_up(socket);
            let closed = Event::Closed { code: 1006 };
            self.tell(device, number, Some(socket), closed);
        }
    }

    fn restore_device(&mut self, device: usize) {
        let before = self.present();
        let Device {
            backup,
            host,
            frozen,
            ..
        } = &mut self.devices[device];
        let Some(older) = backup.take() else { return };
        *host = older;
        frozen.clear();
        if let Some(engine) = self.devices[device].engine.take() {
            self.abandon(&engine);
        }
        let after = self.present();
        self.oracle.release(&before, &after);
        self.start(device);
    }
}
