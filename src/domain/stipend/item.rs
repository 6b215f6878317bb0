//! What a standard is of, in the words that are stored and those that sheets write.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::text::bare;

/// Whose stipend: one for all families, or one for each domicile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Domicile {
    /// 城乡统一
    All,
    /// 农村
    Rural,
    /// 城镇
    Urban,
}

/// Where a conscript serves who is paid a multiple.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Region {
    /// 西藏
    Tibet,
    /// 新疆
    Xinjiang,
    /// 高原
    Plateau,
}

/// An award of a serving member (domain.md §6.3), as the form of the notice of merit has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Award {
    /// 八一勋章
    Medal,
    /// 荣誉称号
    Title,
    /// 一等战功
    War1,
    /// 二等战功
    War2,
    /// 三等战功
    War3,
    /// 四等战功
    War4,
    /// 一等功
    Merit1,
    /// 二等功
    Merit2,
    /// 三等功
    Merit3,
    /// 四有优秀军官/士兵
    Excellent,
    /// 嘉奖
    Commendation,
}

/// What a standard is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Item {
    /// 优待金 of a year.
    Stipend(Domicile),
    /// What it is multiplied by where somebody serves there.
    Region(Region),
    /// The share of the year's stipend that is paid besides for an award.
    Supplement(Award),
    /// 立功奖励, paid once for an award.
    Reward(Award),
}

/// Which half of an item cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemFault {
    /// What is paid.
    Kind,
    /// For whom.
    Of,
}

/// No item has this word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("unknown item of a standard")]
pub struct UnknownItem;

/// A value with its stored word, the word to show, and what sheets write besides.
struct Named<T>(T, &'static str, &'static str, &'static [&'static str]);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Stipend,
    Region,
    Supplement,
    Reward,
}

static KINDS: [Named<Kind>; 4] = [
    Named(Kind::Stipend, "stipend", "优待金", &["义务兵家庭优待金", "义务兵优待金", "家庭优待金"]),
    Named(
        Kind::Region,
        "region",
        "进藏进疆倍数",
        &["地区倍数", "进藏倍数", "进疆倍数", "进藏(进疆)倍数", "进藏进疆"],
    ),
    Named(Kind::Supplement, "supplement", "立功增发", &["立功受奖增发", "增发"]),
    Named(Kind::Reward, "reward", "立功奖励", &["立功受奖奖励", "立功奖励金", "立功受奖奖励金", "奖励金"]),
];

static DOMICILES: [Named<Domicile>; 3] = [
    Named(Domicile::All, "all", "城乡统一", &["", "统一", "全部", "所有", "城乡"]),
    Named(Domicile::Rural, "rural", "农村", &["农业", "农村户口", "农业户口"]),
    Named(Domicile::Urban, "urban", "城镇", &["城市", "非农业", "城镇户口", "非农业户口"]),
];

static REGIONS: [Named<Region>; 3] = [
    Named(Region::Tibet, "tibet", "西藏", &["进藏", "藏"]),
    Named(Region::Xinjiang, "xinjiang", "新疆", &["进疆", "疆"]),
    Named(Region::Plateau, "plateau", "高原", &["高原地区", "高海拔", "高海拔地区"]),
];

static AWARDS: [Named<Award>; 11] = [
    Named(Award::Medal, "medal", "八一勋章", &["勋章"]),
    Named(Award::Title, "title", "荣誉称号", &["称号"]),
    Named(Award::War1, "war_1", "一等战功", &[]),
    Named(Award::War2, "war_2", "二等战功", &[]),
    Named(Award::War3, "war_3", "三等战功", &[]),
    Named(Award::War4, "war_4", "四等战功", &[]),
    Named(Award::Merit1, "merit_1", "一等功", &["一等"]),
    Named(Award::Merit2, "merit_2", "二等功", &["二等"]),
    Named(Award::Merit3, "merit_3", "三等功", &["三等"]),
    Named(
        Award::Excellent,
        "excellent",
        "四有优秀军官/士兵",
        &["优秀", "优秀士兵", "四有优秀士兵", "四有优秀军官", "优秀军官", "四有优秀"],
    ),
    Named(Award::Commendation, "commendation", "嘉奖", &[]),
];

fn find<T: Copy>(table: &[Named<T>], text: &str) -> Option<T> {
    let text = bare(text);
    let is_it = |Named(_, word, label, aliases): &&Named<T>| {
        text == *word || text == *label || aliases.contains(&text.as_str())
    };
    table.iter().find(is_it).map(|named| named.0)
}

fn named<T: Copy + PartialEq>(table: &'static [Named<T>], of: T) -> &'static Named<T> {
    table.iter().find(|named| named.0 == of).expect("the table names every value")
}

impl Region {
    /// Where a conscript serves, as a file says it in words; nothing where no multiple is paid. `None` for words that name no region, or several.
    pub fn of_file(said: &str) -> Option<Option<Region>> {
        let said = bare(said);
        let is_none = matches!(said.as_str(), "" | "否" | "无" | "no" | "内地" | "普通" | "一般")
            || said.starts_with(['不', '非', '未', '没']);
        if is_none {
            return Some(None);
        }
        match (said.contains('藏'), said.contains('疆')) {
            (true, false) => Some(Some(Region::Tibet)),
            (false, true) => Some(Some(Region::Xinjiang)),
            (false, false) if said.contains("高原") || said.contains("高海拔") => {
                Some(Some(Region::Plateau))
            }
            _ => None,
        }
    }
}

impl Award {
    /// The award of a word, as forms and sheets write it.
    pub fn read(text: &str) -> Option<Award> {
        find(&AWARDS, text)
    }

    /// The word to show.
    pub fn label(self) -> &'static str {
        named(&AWARDS, self).2
    }
}

impl Item {
    /// Every item, in the order in which to offer them.
    pub fn all() -> impl Iterator<Item = Item> {
        let stipends = DOMICILES.iter().map(|named| Item::Stipend(named.0));
        let regions = REGIONS.iter().map(|named| Item::Region(named.0));
        let supplements = AWARDS.iter().map(|named| Item::Supplement(named.0));
        let rewards = AWARDS.iter().map(|named| Item::Reward(named.0));
        stipends.chain(regions).chain(supplements).chain(rewards)
    }

    /// The item that two cells name: what is paid, and for whom.
    ///
    /// # Errors
    /// When either names nothing, or the two do not go together.
    pub fn read(kind: &str, of: &str) -> Result<Item, ItemFault> {
        let kind = find(&KINDS, kind).ok_or(ItemFault::Kind)?;
        let item = match kind {
            Kind::Stipend => find(&DOMICILES, of).map(Item::Stipend),
            Kind::Region => find(&REGIONS, of).map(Item::Region),
            Kind::Supplement => find(&AWARDS, of).map(Item::Supplement),
            Kind::Reward => find(&AWARDS, of).map(Item::Reward),
        };
        item.ok_or(ItemFault::Of)
    }

    /// The stored words of its two halves.
    pub fn words(self) -> (&'static str, &'static str) {
        let (kind, of) = self.named();
        (kind.1, of.0)
    }

    /// The stored word: `stipend.rural`.
    pub fn word(self) -> String {
        let (kind, of) = self.words();
        format!("{kind}.{of}")
    }

    /// The words to show on paper: `立功奖励（二等功）`.
    pub fn label(self) -> String {
        let (kind, of) = self.named();
        format!("{}（{}）", kind.2, of.1)
    }

    fn named(self) -> (&'static Named<Kind>, (&'static str, &'static str)) {
        fn of<T>(named: &Named<T>) -> (&'static str, &'static str) {
            (named.1, named.2)
        }
        match self {
            Item::Stipend(one) => (named(&KINDS, Kind::Stipend), of(named(&DOMICILES, one))),
            Item::Region(one) => (named(&KINDS, Kind::Region), of(named(&REGIONS, one))),
            Item::Supplement(one) => (named(&KINDS, Kind::Supplement), of(named(&AWARDS, one))),
            Item::Reward(one) => (named(&KINDS, Kind::Reward), of(named(&AWARDS, one))),
        }
    }
}

impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.word())
    }
}

impl FromStr for Item {
    type Err = UnknownItem;

    fn from_str(word: &str) -> Result<Item, UnknownItem> {
        Item::all().find(|item| item.word() == word).ok_or(UnknownItem)
    }
}

impl TryFrom<String> for Item {
    type Error = UnknownItem;

    fn try_from(word: String) -> Result<Item, UnknownItem> {
        word.parse()
    }
}

impl From<Item> for String {
    fn from(item: Item) -> String {
        item.word()
    }
}
