//! What to do about the codes that integrators meet, in English and Korean.
//!
//! Source: the codes and their meanings in Payple's documents and clients; a code that is not known
//! has no hint.

/// One piece of advice in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hint {
    /// English.
    pub en: &'static str,
    /// 한국어.
    pub ko: &'static str,
}

/// The advice for one of Payple's codes.
pub fn for_code(code: &str) -> Option<Hint> {
    let (en, ko) = match code {
        "AUTH0001" => (
            "Check the partner id (cst_id): Payple says it is missing or wrong.",
            "파트너 ID(cst_id)를 확인하세요. 누락되었거나 올바르지 않습니다.",
        ),
        "AUTH0002" => (
            "Check the partner key (custKey). Typically a test key is used in live, or the other way round.",
            "파트너 인증키(custKey)를 확인하세요. 테스트 키와 운영 키가 바뀐 경우가 많습니다.",
        ),
        "AUTH0003" | "T0300" => (
            "Payple does not know this partner account. Check cst_id and the environment (test or live).",
            "등록되지 않은 파트너 계정입니다. cst_id와 환경(test/live)을 확인하세요.",
        ),
        "AUTH0004" => (
            "The Referer (or the server's IP) is not registered with Payple. Set the registered domain with its scheme, such as https://shop.example, as the Referer setting. Test does not check it; live does.",
            "Referer 도메인(또는 서버 IP)이 페이플에 등록되어 있지 않습니다. 등록한 도메인을 https://를 포함해 Referer 설정에 넣으세요. 테스트 환경은 검사하지 않지만 운영 환경은 검사합니다.",
        ),
        "AUTH0005" => (
            "Payple could not create its token. Try again in a moment.",
            "페이플에서 인증 토큰을 만들지 못했습니다. 잠시 후 다시 시도하세요.",
        ),
        "AUTH0006" => (
            "Payple accepts HTTPS only. Check the configured origin.",
            "HTTPS로만 호출할 수 있습니다. 설정한 주소를 확인하세요.",
        ),
        "AUTH0007" => (
            "The Referer differs from the registered payment domain. Set exactly the domain registered with Payple.",
            "Referer가 결제창 도메인과 다릅니다. 페이플에 등록한 도메인을 그대로 설정하세요.",
        ),
        "T0200" => (
            "The hub's partner id (cst_id) is missing.",
            "허브용 파트너 ID(cst_id)가 누락되었습니다.",
        ),
        "T0201" => (
            "The hub's partner key (custKey) is missing.",
            "허브용 파트너 인증키(custKey)가 누락되었습니다.",
        ),
        "T0210" => (
            "The token request had no code. This is a fault of payple-edge; please report it.",
            "토큰 요청에 code가 없습니다. payple-edge의 오류이니 알려 주세요.",
        ),
        "T0211" => (
            "The token request's code was malformed. This is a fault of payple-edge; please report it.",
            "토큰 요청의 code 형식이 잘못되었습니다. payple-edge의 오류이니 알려 주세요.",
        ),
        "T0310" => (
            "The caller's IP is not on the partner's white list at Payple. Register it, or send the calls through a relay with a fixed IP.",
            "호출 IP가 페이플 화이트리스트에 없습니다. IP를 등록하거나 고정 IP 중계 서버를 통해 호출하세요.",
        ),
        "T0320" => (
            "The token belongs to another account than the request. Check that the hub's credentials are one pair.",
            "토큰의 계정과 요청의 계정이 다릅니다. 허브용 ID와 인증키가 같은 계정의 것인지 확인하세요.",
        ),
        "T0322" => (
            "This account is not registered for the hub. Ask Payple to enable payouts for it.",
            "허브에 등록된 파트너가 아닙니다. 페이플에 지급이체 이용 등록을 문의하세요.",
        ),
        "T0996" | "T0997" => (
            "Payple is under maintenance, or outside its service hours (01:00–23:00 KST). Try again later.",
            "페이플 점검 중이거나 서비스 시간(01~23시)이 아닙니다. 나중에 다시 시도하세요.",
        ),
        "SPCD0001" => (
            "Payple knows no such billing key. Check that it is complete and of this environment.",
            "존재하지 않는 빌링키입니다. 값이 온전한지, 환경(test/live)이 맞는지 확인하세요.",
        ),
        "SPCD0012" => (
            "The billing key is not registered, or was released.",
            "등록되지 않았거나 해지된 빌링키입니다.",
        ),
        _ => return None,
    };
    Some(Hint { en, ko })
}

/// For a live billing-key look-up without a Referer.
pub(crate) const REFERER_REQUIRED: Hint = Hint {
    en: "Set the Referer setting to the domain registered with Payple, with its scheme, such as https://shop.example.",
    ko: "페이플에 등록한 도메인을 https://를 포함해 Referer 설정에 넣으세요.",
};

/// For a reply that names an address other than the configured service's.
pub(crate) const FOREIGN_HOST: Hint = Hint {
    en: "The credentials were not sent there. Check the environment (test or live) and who answers at the configured address.",
    ko: "인증 정보를 그 주소로 보내지 않았습니다. 환경(test/live)과 설정한 주소의 응답 서버를 확인하세요.",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_that_integrators_meet_have_a_hint_in_both_languages() {
        let codes = [
            "AUTH0001", "AUTH0002", "AUTH0003", "AUTH0004", "AUTH0005", "AUTH0006", "AUTH0007",
            "T0200", "T0201", "T0210", "T0211", "T0300", "T0310", "T0320", "T0322", "T0996",
            "T0997", "SPCD0001", "SPCD0012",
        ];
        for code in codes {
            let hint = for_code(code).unwrap_or_else(|| panic!("{code} has no hint"));
            assert!(hint.en.is_ascii() || hint.en.contains('–'), "{code}");
            assert!(hint.ko.chars().any(|c| ('가'..='힣').contains(&c)), "{code}");
        }
    }

    #[test]
    fn the_hint_for_a_refused_domain_names_the_referer() {
        assert!(
            for_code("AUTH0004")
                .is_some_and(|h| h.en.contains("Referer") && h.ko.contains("Referer"))
        );
    }

    #[test]
    fn an_unknown_code_gets_no_invented_advice() {
        assert_eq!(for_code("Z9999"), None);
    }
}
