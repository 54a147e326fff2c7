// What stands beside billing keys in an office's lists, and is never to be sent to Payple.

export const NAMES = [
  ...[
    "홍길동",
    "김 철수",
    "이영희(대표)",
    "㈜페이플",
    "남궁민수",
    "박서준 과장",
    "선우 은숙",
    "Kim",
  ],
  ...["HongGildong", "KIMCHEOLSU", "Lee-Younghee", "Park_Seojoon", "Kim Cheolsu", "ChoiMinho"],
];
export const BESIDE = [
  ...["국민은행", "신한", "KookminBank", "010-1234-5678", "2024-01-01", "77,000", "123-456-789012"],
  ...[
    "hong@example.com",
    "정상",
    "해지",
    "1.2E+15",
    "#REF!",
    "=A1",
    "서울시 강남구 1-2",
    "",
    "-",
    "12",
  ],
];
export const KEYS = [
  ...[
    "d0toSS9sT084bVJSNThScnFX",
    "NS9qNTgzU2xRNHR2RmFBWWFBTWk5UT09",
    "BK_CARD_001x",
    "a1B2c3D4e5F6",
  ],
  ...["UjZ5K2dHN0pLc1pWdz09", "ck5+ab/9=", "Zm9vYmFyMTIzNDU2Nzg5MA==", "q8-w_e7rty012345"],
];
export const HEADINGS = {
  key: ["빌링키", "PCD_PAYER_ID", "카드 빌링키", "billing_key", "결제키", "식별값", "코드"],
  other: ["이름", "성명", "은행", "휴대전화", "등록일", "비고", "name", "No", "상태"],
};
