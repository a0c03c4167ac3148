//! Starts the engine in its Web Worker. Natively there is nothing to start.

fn main() {
    #[cfg(target_arch = "wasm32")]
    {
        console_error_panic_hook::set_once();
        engine::start();
    }
}
