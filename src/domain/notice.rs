//! The notice (告知书) that people are given before something about them is written down (PIPL §17, §35).

use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The name of the version among the office's settings.
const VERSION: &str = "notice_version";
/// The name of the text.
const TEXT: &str = "notice_text";
/// Letters of a version.
pub const VERSION_LETTERS_MAX: usize = 20;
/// Letters of a text that says who, what for, what, how long and what rights.
const TEXT_LETTERS_MIN: usize = 50;
/// It goes to every phone, on slow lines too.
pub const TEXT_LETTERS_MAX: usize = 2_000;

/// The version of the text that holds until the office approves its own.
pub const DEFAULT_VERSION: &str = "通用版1";
/// A text for an office that has none of its own. It names what PIPL §17 asks for: who, what for and how, which kinds, how long, which rights.
const DEFAULT_TEXT: &str = "\
我们是退役军人事务部门和乡镇（街道）、村（社区）退役军人服务站，依照《退役军人保障法》《军人抚恤优待条例》建立您的档案、定期走访。\n\
为什么收集：核对待遇、发现困难、落实帮扶，不作别的用途。这是法定职责，不以您同意为前提；没有依据的，您可以不答。\n\
收集什么：姓名、身份证号、住址、电话、优抚类别和证件、银行账户、家庭、住房和收入、健康状况，走访时的回答和照片。其中健康、账户、证件属于敏感信息，\
只在核对待遇、安排帮扶确有需要时收集，遮住显示，谁看过完整号码都有记录。\n\
谁能看：走访您的人和负责您所在乡镇、县的工作人员。不公开，不卖，不出境。要公示的，只公示姓名、村、类别和金额，期满撤下。\n\
保存多久：走访、困难和照片一般三年；档案在您享受待遇期间保存，去世或迁出后一般再存三年；档案法规另有规定的从其规定。\n\
您的权利：可以查阅、复制、要求更正或删除，可以要求说明。跟走访的人说，或到乡镇（街道）退役军人服务站办理，登记后会答复您；去世人员的近亲属也可以办。";

/// A notice of one version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What records of a collection keep of it.
    pub version: String,
    /// All of it.
    pub text: String,
}

/// Why a text is no notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoticeFault {
    /// A version is short, and can stand in an address.
    #[error("a version has 1 to 20 letters, digits, hyphens and dots")]
    Version,
    /// Too short to say what it must, or too long for a phone.
    #[error("a text has 50 to 2000 letters")]
    Text,
}

fn is_of_version(letter: char) -> bool {
    letter.is_alphanumeric() || ['-', '.', '_'].contains(&letter)
}

impl Default for Notice {
    fn default() -> Notice {
        Notice { version: DEFAULT_VERSION.to_owned(), text: DEFAULT_TEXT.to_owned() }
    }
}

impl Notice {
    /// A notice that an office wrote.
    ///
    /// # Errors
    /// When the version or the text cannot be one.
    pub fn new(version: &str, text: &str) -> Result<Notice, NoticeFault> {
        let (version, text) = (version.trim(), text.trim());
        let letters = version.chars().count();
        if letters == 0 || letters > VERSION_LETTERS_MAX || !version.chars().all(is_of_version) {
            return Err(NoticeFault::Version);
        }
        if !(TEXT_LETTERS_MIN..=TEXT_LETTERS_MAX).contains(&text.chars().count()) {
            return Err(NoticeFault::Text);
        }
        Ok(Notice { version: version.to_owned(), text: text.to_owned() })
    }

    /// From the office's settings as a phone has them; silence means the default.
    pub fn read(members: &BTreeMap<String, Value>) -> Notice {
        match (members.get(VERSION).and_then(Value::as_str), members.get(TEXT).and_then(Value::as_str)) {
            (Some(version), Some(text)) if !version.is_empty() && !text.is_empty() => {
                Notice { version: version.to_owned(), text: text.to_owned() }
            }
            _ => Notice::default(),
        }
    }

    /// As members of the office's settings.
    pub fn members(self) -> Map<String, Value> {
        let mut members = Map::new();
        members.insert(VERSION.to_owned(), self.version.into());
        members.insert(TEXT.to_owned(), self.text.into());
        members
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(members: Map<String, Value>) -> Notice {
        Notice::read(&members.into_iter().collect())
    }

    #[test]
    fn silence_and_half_a_notice_mean_the_default() {
        assert_eq!(read(Map::new()), Notice::default());
        let mut half = Notice::default().members();
        half.insert(VERSION.to_owned(), "2027".into());
        half.remove(TEXT);
        assert_eq!(read(half), Notice::default());
    }

    #[test]
    fn an_offices_own_is_read_as_it_was_approved() {
        let own = Notice::new(" 2027-1 ", &"依".repeat(50)).unwrap();
        assert_eq!(own.version, "2027-1");
        assert_eq!(read(own.clone().members()), own);
    }

    #[test]
    fn what_says_too_little_or_is_a_book_is_none() {
        assert_eq!(Notice::new("1", &"依".repeat(49)), Err(NoticeFault::Text));
        assert_eq!(Notice::new("1", &"依".repeat(2_001)), Err(NoticeFault::Text));
        for version in ["", "  ", "a\nb", "2027/1", "1?", &"9".repeat(21)] {
            assert_eq!(Notice::new(version, &"依".repeat(50)), Err(NoticeFault::Version), "{version}");
        }
    }

    #[test]
    fn the_default_is_itself_a_notice_and_says_what_the_law_asks_for() {
        let Notice { version, text } = Notice::default();
        assert!(Notice::new(&version, &text).is_ok());
        for part in ["我们是", "为什么收集", "收集什么", "敏感", "谁能看", "保存多久", "您的权利", "近亲属"]
        {
            assert!(text.contains(part), "{part}");
        }
    }
}
