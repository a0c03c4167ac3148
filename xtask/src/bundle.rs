//! From Trunk's output and the sources beside it to what is served: names by content, one build id, one list of files.
//!
//! In HTML and scripts a quoted path of a hashed file (`"/app.js"`) becomes that file's URL, and a quoted `@word` its value:
//! `@build`, `@app-pair`, `@engine-pair`, `@integrity /path`, `@files` (the service worker's list).
use crate::{headers, place, sources, wasm};
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The page's own style sheets, in the order they are linked.
const STYLES: [&str; 4] = ["tokens", "base", "components", "screens"];
/// Files of static/ that are not served under their own name.
const TEMPLATES: [&str; 4] = ["boot.js", "sw.js", "sprite.svg", "sprite-LICENSE.txt"];

/// A finished bundle: the files to serve by URL path, and their build id.
pub struct Bundle {
    /// The digest over all sources of the bundle.
    pub build: String,
    /// Content by URL path; `/` is the page.
    pub files: BTreeMap<String, Vec<u8>>,
    /// The files a first visit of the page fetches to run, by URL path.
    pub page: Vec<String>,
    /// The engine's files, by URL path.
    pub engine: Vec<String>,
}

/// Makes the bundle from Trunk's output folder; another `salt` gives the same app another build id.
pub fn make(trunk: &Path, salt: &str) -> Result<Bundle> {
    let raw = gather(trunk)?;
    let build = sources::hex(
        format!(
            "{salt}\n{}",
            raw.iter()
                .map(|(path, bytes)| format!("{path} {}\n", sources::hex(bytes)))
                .collect::<String>()
        )
        .as_bytes(),
    )[..16]
        .to_owned();
    let mut work = Work {
        raw,
        values: BTreeMap::new(),
        urls: BTreeMap::new(),
        files: BTreeMap::new(),
    };
    work.values.insert("build".into(), build.clone());
    work.pair("app", "\nexport const terrainPair = ")?;
    work.pair("engine", "\nself.terrainPair = ")?;
    for style in STYLES {
        work.hashed(&format!("/styles/{style}.css"))?;
    }
    work.hashed("/sprite.svg")?;
    work.snippets();
    work.hashed("/engine_shim.js")?;
    work.hashed("/boot.js")?;
    let html = work.filled("/index.html")?;
    work.files.insert("/".into(), html);
    for path in work
        .raw
        .keys()
        .filter(|path| path.starts_with("/static/"))
        .cloned()
        .collect::<Vec<_>>()
    {
        let bytes = work.raw[&path].clone();
        work.files.insert(path.replacen("/static", "", 1), bytes);
    }
    let list: Vec<String> = work
        .files
        .iter()
        .filter(|(path, _)| is_needed_offline(path))
        .map(|(path, bytes)| format!("[\"{path}\", \"{}\"]", sources::integrity(bytes)))
        .collect();
    let worker = work.text("/sw.js")?.replace("'@files'", &list.join(", "));
    work.raw.insert("/sw.js".into(), worker.into_bytes());
    let worker = work.filled("/sw.js")?;
    work.files.insert("/sw.js".into(), worker);
    let urls = |names: &[&str]| {
        names
            .iter()
            .map(|name| work.urls[*name].clone())
            .collect::<Vec<_>>()
    };
    Ok(Bundle {
        build,
        page: urls(&["/app.js", "/app_bg.wasm"]),
        engine: urls(&["/engine.js", "/engine_bg.wasm", "/engine_shim.js"]),
        files: work.files,
    })
}

/// Whether the service worker keeps a file. The large icons are for the system, which copies them when the app is installed.
pub fn is_needed_offline(path: &str) -> bool {
    !(path.starts_with("/icons/") && path.ends_with("-512.png"))
}

impl Bundle {
    /// Writes the bundle to a folder, beside `_headers` and `build.json`, in place of what was there.
    pub fn write(&self, dist: &Path) -> Result<()> {
        let staging = dist.with_extension(format!("new-{}", std::process::id()));
        fs::remove_dir_all(&staging).ok();
        for (path, bytes) in &self.files {
            let path = if path == "/" { "/index.html" } else { path };
            let file = staging.join(path.trim_start_matches('/'));
            fs::create_dir_all(file.parent().context("every file has a folder")?)?;
            fs::write(&file, bytes).with_context(|| format!("cannot write {}", file.display()))?;
        }
        fs::write(staging.join("_headers"), headers::text())?;
        let list: Vec<&String> = self.files.keys().collect();
        fs::write(
            staging.join("build.json"),
            serde_json::json!({ "build": self.build, "files": list }).to_string(),
        )?;
        if dist.exists() {
            fs::remove_dir_all(dist)?;
        }
        fs::rename(&staging, dist).with_context(|| format!("cannot write {}", dist.display()))
    }
}

/// The build id of a folder that a bundle was written to.
pub fn build_of(dist: &Path) -> Result<String> {
    let text = fs::read_to_string(dist.join("build.json"))
        .with_context(|| format!("{} holds no build", dist.display()))?;
    let json: serde_json::Value = serde_json::from_str(&text)?;
    Ok(json["build"]
        .as_str()
        .context("build.json names no build")?
        .to_owned())
}

struct Work {
    raw: BTreeMap<String, Vec<u8>>,
    values: BTreeMap<String, String>,
    urls: BTreeMap<String, String>,
    files: BTreeMap<String, Vec<u8>>,
}

impl Work {
    /// Marks glue and wasm of a package as belonging together, and names both by content.
    fn pair(&mut self, name: &str, stamp: &str) -> Result<()> {
        let (glue, module) = (format!("/{name}.js"), format!("/{name}_bg.wasm"));
        let both = format!(
            "{}{}",
            sources::hex(self.bytes(&glue)?),
            sources::hex(self.bytes(&module)?)
        );
        let mark = sources::hex(both.as_bytes())[..16].to_owned();
        let mut script = self.bytes(&glue)?.to_vec();
        script.extend(format!("{stamp}\"{mark}\";\n").as_bytes());
        let stamped = wasm::stamp(self.bytes(&module)?, &mark)?;
        self.raw.insert(glue.clone(), script);
        self.raw.insert(module.clone(), stamped);
        self.values.insert(format!("{name}-pair"), mark);
        for path in [glue, module] {
            let bytes = self.bytes(&path)?.to_vec();
            self.name(&path, bytes);
        }
        Ok(())
    }

    fn hashed(&mut self, path: &str) -> Result<()> {
        let bytes = self.filled(path)?;
        self.name(path, bytes);
        Ok(())
    }

    fn name(&mut self, path: &str, bytes: Vec<u8>) {
        let file = path.rsplit('/').next().unwrap_or(path);
        let (stem, extension) = file.rsplit_once('.').unwrap_or((file, "bin"));
        let url = format!("/assets/{stem}-{}.{extension}", &sources::hex(&bytes)[..12]);
        self.values
            .insert(format!("integrity {path}"), sources::integrity(&bytes));
        self.urls.insert(path.to_owned(), url.clone());
        self.files.insert(url, bytes);
    }

    /// wasm-bindgen's snippets keep their place beside the glue that imports them; their folders carry a hash already.
    fn snippets(&mut self) {
        let found: Vec<_> = self
            .raw
            .iter()
            .filter(|(path, _)| path.starts_with("/snippets/"))
            .map(|(path, bytes)| (path.clone(), bytes.clone()))
            .collect();
        for (path, bytes) in found {
            self.files.insert(format!("/assets{path}"), bytes);
        }
    }

    fn filled(&self, path: &str) -> Result<Vec<u8>> {
        let mut text = self.text(path)?;
        for quote in ['"', '\''] {
            for (from, to) in &self.urls {
                text = text.replace(
                    &format!("{quote}{from}{quote}"),
                    &format!("{quote}{to}{quote}"),
                );
            }
            for (word, value) in &self.values {
                text = text.replace(
                    &format!("{quote}@{word}{quote}"),
                    &format!("{quote}{value}{quote}"),
                );
            }
        }
        let text: String = text
            .lines()
            .filter(|line| !line.contains("data-trunk"))
            .map(|line| format!("{line}\n"))
            .collect();
        if let Some(line) = text.lines().find(|line| has_word(line)) {
            bail!("{path} names something the build does not know: {line}");
        }
        Ok(text.into_bytes())
    }

    fn text(&self, path: &str) -> Result<String> {
        String::from_utf8(self.bytes(path)?.to_vec()).with_context(|| format!("{path} is not text"))
    }

    fn bytes(&self, path: &str) -> Result<&[u8]> {
        self.raw
            .get(path)
            .map(Vec::as_slice)
            .with_context(|| format!("the build made no {path}"))
    }
}

/// Whether a quoted `@word` is left in a line.
fn has_word(line: &str) -> bool {
    ["\"@", "'@"].iter().any(|mark| {
        line.split(mark)
            .skip(1)
            .any(|rest| rest.starts_with(|c: char| c.is_ascii_lowercase()))
    })
}

/// The raw material by the path the sources call it.
fn gather(trunk: &Path) -> Result<BTreeMap<String, Vec<u8>>> {
    let app = place::root().join("frontend/app");
    let fixed = place::root().join("static");
    let mut raw = BTreeMap::new();
    let mut take = |path: String, file: &Path| -> Result<()> {
        raw.insert(
            path,
            fs::read(file).with_context(|| format!("cannot read {}", file.display()))?,
        );
        Ok(())
    };
    for name in ["app.js", "app_bg.wasm", "engine.js", "engine_bg.wasm"] {
        take(format!("/{name}"), &trunk.join(name))?;
    }
    for file in sources::files(&trunk.join("snippets"))? {
        take(format!("/{}", file.strip_prefix(trunk)?.display()), &file)?;
    }
    take("/index.html".into(), &app.join("index.html"))?;
    take("/engine_shim.js".into(), &app.join("engine_shim.js"))?;
    for style in STYLES {
        take(
            format!("/styles/{style}.css"),
            &app.join(format!("styles/{style}.css")),
        )?;
    }
    for file in sources::files(&fixed)? {
        let name = file.strip_prefix(&fixed)?.display().to_string();
        let is_template = TEMPLATES.contains(&name.as_str());
        take(
            if is_template {
                format!("/{name}")
            } else {
                format!("/static/{name}")
            },
            &file,
        )?;
    }
    Ok(raw)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn work() -> Work {
        let mut work = Work {
            raw: BTreeMap::new(),
            values: BTreeMap::new(),
            urls: BTreeMap::new(),
            files: BTreeMap::new(),
        };
        work.raw.insert("/app.js".into(), b"let x;".to_vec());
        work.raw
            .insert("/app_bg.wasm".into(), b"\0asm\x01\0\0\0".to_vec());
        work
    }

    #[test]
    fn glue_and_wasm_carry_the_same_mark() {
        let mut work = work();
        work.pair("app", "\nexport const terrainPair = ").unwrap();
        let mark = work.values["app-pair"].clone();
        assert!(
            String::from_utf8(work.files[&work.urls["/app.js"]].clone())
                .unwrap()
                .contains(&format!("terrainPair = \"{mark}\""))
        );
        assert!(work.files[&work.urls["/app_bg.wasm"]].ends_with(mark.as_bytes()));
    }

    #[test]
    fn quoted_paths_and_words_are_filled_in() {
        let mut work = work();
        work.pair("app", "\nexport const terrainPair = ").unwrap();
        work.raw.insert(
            "/boot.js".into(),
            b"import('/app.js'); '@app-pair'; // /app.js".to_vec(),
        );
        let text = String::from_utf8(work.filled("/boot.js").unwrap()).unwrap();
        assert_eq!(
            text,
            format!(
                "import('{}'); '{}'; // /app.js\n",
                work.urls["/app.js"], work.values["app-pair"]
            )
        );
    }

    #[test]
    fn an_unknown_word_fails_the_build() {
        let mut work = work();
        work.raw.insert("/boot.js".into(), b"'@nothing'".to_vec());
        assert!(work.filled("/boot.js").is_err());
    }
}
