//! Photos and signatures as answers: their bytes are on the phone's disk before they are shown.

use super::question::{Asked, texts};
use crate::{
    data::use_data,
    features::problems,
    locale::words::form as w,
    ui::{
        Button, ButtonKind, Choice, ChoiceKind, Field, FieldKind, FieldWords, Ink, Opt, PhotoField, Shot,
        SignaturePad,
    },
};
use leptos::{prelude::*, task::spawn_local};
use serde_json::{Value, json};

/// Shows what went wrong instead of what is wrong with the answer.
fn over(problem: Signal<String>, failed: RwSignal<String>) -> Signal<String> {
    Signal::derive(move || if failed.read().is_empty() { problem.get() } else { failed.get() })
}

#[component]
pub(super) fn PhotoAnswer(asked: Asked) -> impl IntoView {
    let data = use_data();
    let (work, value) = (asked.work, asked.value);
    let code = StoredValue::new(asked.code().to_owned());
    let failed = RwSignal::new(String::new());
    let shots = Signal::derive(move || {
        texts(&value.read())
            .into_iter()
            .map(|key| Shot { url: work.pictures.url(&key), key })
            .collect::<Vec<_>>()
    });
    let add = move |bytes: Vec<u8>| {
        failed.set(String::new());
        spawn_local(async move {
            let code = code.get_value();
            match data.attach(work.visit, &code, "photo", bytes.clone()).await {
                Ok(hash) => {
                    work.pictures.keep(&hash.to_string(), &bytes);
                    let mut hashes = texts(&value.get_untracked());
                    if !hashes.contains(&hash.to_string()) {
                        hashes.push(hash.to_string());
                    }
                    work.form.update(|form| form.answer(&code, json!(hashes)));
                }
                Err(error) => failed.set(problems::save(&error).title),
            }
        });
    };
    let remove = move |key: String| {
        let Ok(hash) = key.parse() else { return };
        spawn_local(async move {
            let code = code.get_value();
            match data.detach(work.visit, &code, hash).await {
                Ok(()) => {
                    let rest: Vec<_> =
                        texts(&value.get_untracked()).into_iter().filter(|one| *one != key).collect();
                    let rest = if rest.is_empty() { Value::Null } else { json!(rest) };
                    work.form.update(|form| form.answer(&code, rest));
                }
                Err(error) => failed.set(problems::save(&error).title),
            }
        });
    };
    let max = usize::try_from(asked.question.limits().1).unwrap_or(usize::MAX);
    view! {
        <PhotoField words=asked.words shots max on_add=add on_remove=remove problem=over(asked.problem, failed) />
    }
}

#[component]
pub(super) fn SignatureAnswer(asked: Asked) -> impl IntoView {
    let data = use_data();
    let (work, value) = (asked.work, asked.value);
    let code = StoredValue::new(asked.code().to_owned());
    let failed = RwSignal::new(String::new());
    let image = Signal::derive(move || {
        texts(&value.read()).first().map(|hash| work.pictures.url(hash)).unwrap_or_default()
    });
    let is_refused = Memo::new(move |_| value.read().get("refused").is_some());
    let sign = move |ink: Ink| {
        spawn_local(async move {
            let code = code.get_value();
            let kept = async {
                let picture = data.attach(work.visit, &code, "sign", ink.png.clone()).await?;
                let strokes = data.attach(work.visit, &code, "strokes", ink.strokes).await?;
                Ok((picture, strokes))
            };
            match kept.await {
                Ok((picture, strokes)) => {
                    work.pictures.keep(&picture.to_string(), &ink.png);
                    work.form
                        .update(|form| form.answer(&code, json!([picture.to_string(), strokes.to_string()])));
                }
                Err(error) => failed.set(problems::save(&error).title),
            }
        });
    };
    let clear = move || {
        spawn_local(async move {
            let code = code.get_value();
            for hash in texts(&value.get_untracked()).iter().filter_map(|hash| hash.parse().ok()) {
                if let Err(error) = data.detach(work.visit, &code, hash).await {
                    failed.set(problems::save(&error).title);
                    return;
                }
            }
            work.form.update(|form| form.answer(&code, Value::Null));
        });
    };
    let refuse = move || work.answer(&code.get_value(), json!({ "refused": "refuses", "reason": "" }));
    let words = asked.words.clone();
    let problem = over(asked.problem, failed);
    let may_refuse = asked.question.may_refuse;
    let refused = asked.clone();
    view! {
        <Show
            when=move || is_refused.get()
            fallback=move || {
                view! {
                    <div class="stack">
                        <SignaturePad words=words.clone() image on_sign=sign on_clear=clear problem />
                        {may_refuse
                            .then(|| {
                                view! {
                                    <Show when=move || image.read().is_empty()>
                                        <Button kind=ButtonKind::Quiet on_press=refuse>{w::not_signed()}</Button>
                                    </Show>
                                }
                            })}
                    </div>
                }
            }
        >
            <Refused asked=refused.clone() />
        </Show>
    }
}

/// 拒签 or 不便, with the reason.
#[component]
fn Refused(asked: Asked) -> impl IntoView {
    let (work, value) = (asked.work, asked.value);
    let code = StoredValue::new(asked.code().to_owned());
    let part =
        move |name: &str| value.read().get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let reason = RwSignal::new(
        value.get_untracked().get("reason").and_then(Value::as_str).unwrap_or_default().to_owned(),
    );
    let give = move |refused: String, reason: String| {
        work.answer(&code.get_value(), json!({ "refused": refused, "reason": reason }));
    };
    let options = vec![Opt::new("refuses", w::refuses()), Opt::new("unable", w::unable())];
    let choose = move |chosen: Vec<String>| {
        give(chosen.into_iter().next().unwrap_or_default(), reason.get_untracked())
    };
    view! {
        <div class="stack">
            <Choice
                words=asked.words
                kind=ChoiceKind::One
                options
                chosen=Signal::derive(move || vec![part("refused")])
                on_choose=choose
            />
            <Field
                words=FieldWords { must: true, ..FieldWords::label(w::reason()) }
                kind=FieldKind::Long
                value=reason
                problem=asked.problem
                on_change=move |text: String| give(part("refused"), text)
            />
            <Button kind=ButtonKind::Quiet on_press=move || work.answer(&code.get_value(), Value::Null)>{w::sign_after_all()}</Button>
        </div>
    }
}
