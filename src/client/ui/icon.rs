//! The small set of drawn signs. One path each, on a grid of 24, stroked in the colour of the text.

use leptos::prelude::*;

/// A sign. It never stands alone for a meaning: words or an accessible name go with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IconName {
    /// 今日
    Sun,
    /// 对象
    People,
    /// 走访
    Clipboard,
    /// 帮扶
    Hand,
    /// 我的
    Person,
    /// Leads back.
    Back,
    /// Leads on.
    Next,
    /// Opens downwards.
    Down,
    /// Opens upwards.
    Up,
    /// Done, accepted.
    Check,
    /// Takes away, closes.
    Close,
    /// Adds one.
    Plus,
    /// Looks for something.
    Search,
    /// Something to mind.
    Alert,
    /// Something to know.
    Info,
    /// Takes a picture.
    Camera,
    /// Writes or signs.
    Pen,
    /// Sends and fetches.
    Sync,
    /// Out of reach.
    Offline,
    /// Closed with a code.
    Lock,
    /// A telephone.
    Phone,
    /// A day.
    Calendar,
    /// Narrows a list.
    Filter,
    /// A shield: the work is safe.
    Safe,
    /// A sheet of paper, a ledger.
    Document,
    /// Is dragged by it.
    Grip,
    /// A firm.
    Building,
    /// What was done, in numbers.
    Chart,
}

impl IconName {
    fn path(self) -> &'static str {
        match self {
            IconName::Sun => {
                "M12 3v1.5M12 19.5V21M3 12h1.5M19.5 12H21M5.6 5.6l1.1 1.1M17.3 17.3l1.1 1.1M5.6 18.4l1.1-1.1M17.3 6.7l1.1-1.1M8 12a4 4 0 1 0 8 0a4 4 0 1 0-8 0"
            }
            IconName::People => {
                "M5.5 8a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0M2.5 20v-1a5 5 0 0 1 5-5h3a5 5 0 0 1 5 5v1M15.5 4.7a3.5 3.5 0 0 1 0 6.6M18 14.3a5 5 0 0 1 3.5 4.7v1"
            }
            IconName::Clipboard => {
                "M9 4H7a2 2 0 0 0-2 2v13a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V6a2 2 0 0 0-2-2h-2M9 2.5h6v4H9zM8.5 13l2.5 2.5l4.5-5"
            }
            IconName::Hand => {
                "M12 20.5l-7.8-7.6a5 5 0 0 1 7-7.1l.8.8l.8-.8a5 5 0 0 1 7 7.1zM8.5 12.5h2l1.5-3l1.5 5l1-2h1.5"
            }
            IconName::Person => "M8 8a4 4 0 1 0 8 0a4 4 0 1 0-8 0M4.5 21v-1a6 6 0 0 1 6-6h3a6 6 0 0 1 6 6v1",
            IconName::Back => "M15 5l-7 7l7 7",
            IconName::Next => "M9 5l7 7l-7 7",
            IconName::Down => "M5 9l7 7l7-7",
            IconName::Up => "M5 15l7-7l7 7",
            IconName::Check => "M4.5 12.5l5 5l10-11",
            IconName::Close => "M6 6l12 12M18 6L6 18",
            IconName::Plus => "M12 5v14M5 12h14",
            IconName::Search => "M4 11a7 7 0 1 0 14 0a7 7 0 1 0-14 0M16.2 16.2L21 21",
            IconName::Alert => "M12 3.5l9.3 16.5H2.7zM12 10v4M12 17v.1",
            IconName::Info => "M3 12a9 9 0 1 0 18 0a9 9 0 1 0-18 0M12 11v5.5M12 7.5v.1",
            IconName::Camera => {
                "M4 7h3.5l1.7-2.5h5.6L16.5 7H20a1.5 1.5 0 0 1 1.5 1.5v10A1.5 1.5 0 0 1 20 20H4a1.5 1.5 0 0 1-1.5-1.5v-10A1.5 1.5 0 0 1 4 7M8.5 13.200a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0"
            }
            IconName::Pen => {
                "M4 20l1-4.5L16.5 4a2.1 2.1 0 0 1 3 0l.5.5a2.1 2.1 0 0 1 0 3L8.5 19zM14.5 6l3.5 3.5"
            }
            IconName::Sync => {
                "M20 7v4.5h-4.5M4 17v-4.5h4.5M19.6 11.5A8 8 0 0 0 5.6 7M4.4 12.5A8 8 0 0 0 18.4 17"
            }
            IconName::Offline => {
                "M3 3l18 18M2.5 9.5a14 14 0 0 1 4.8-3M10.8 5.600a14 14 0 0 1 10.7 3.900M5.8 13.200a9 9 0 0 1 3.9-2.400M15.4 11.300a9 9 0 0 1 2.8 1.900M9.2 16.700a4.5 4.5 0 0 1 5.6 0M12 20v.1"
            }
            IconName::Lock => "M5.5 11h13v9.5h-13zM8 11V7.5a4 4 0 0 1 8 0V11M12 15v2",
            IconName::Phone => {
                "M8.5 4H5a1.5 1.5 0 0 0-1.5 1.700A17 17 0 0 0 18.3 20.5A1.5 1.5 0 0 0 20 19v-3.5l-4.5-1.5l-2 2a13 13 0 0 1-5.5-5.5l2-2z"
            }
            IconName::Calendar => "M4 5.5h16v15H4zM4 10h16M8 3v4M16 3v4",
            IconName::Filter => "M4 6h16M7 12h10M10 18h4",
            IconName::Safe => {
                "M12 3l7.5 2.800v5.700c0 4.6-3.1 7.9-7.5 9.5c-4.4-1.6-7.5-4.9-7.5-9.5V5.800zM8.5 12l2.5 2.5l4.5-5"
            }
            IconName::Grip => "M9 6v.1M15 6v.1M9 12v.1M15 12v.1M9 18v.1M15 18v.1",
            IconName::Document => "M6 3h8l5 5v13H6zM14 3v5h5M9 13h6M9 17h6",
            IconName::Building => "M3 21h18M5 21V5l8-2v18M13 9h6v12M8 8h2M8 12h2M8 16h2M16 13v.1M16 17v.1",
            IconName::Chart => "M4 20.5h16M7 20.5v-7M12 20.5V5M17 20.5v-11",
        }
    }
}

/// A drawn sign, hidden from screen readers.
#[component]
pub(crate) fn Icon(
    /// Which one.
    name: IconName,
) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d=name.path()></path>
        </svg>
    }
}
