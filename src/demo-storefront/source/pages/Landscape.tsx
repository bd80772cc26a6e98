/** The sound and the mountain, early. */
export const Landscape = () => (
  <svg class="landscape" viewBox="0 0 1440 720" preserveAspectRatio="xMidYMid slice" aria-hidden="true">
    <defs>
      <linearGradient id="sky" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#f7e3c4" /><stop offset=".45" stop-color="#f3cfa2" /><stop offset="1" stop-color="#dfa98a" /></linearGradient>
      <linearGradient id="far" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#a9a7a5" /><stop offset="1" stop-color="#d3b09a" /></linearGradient>
      <linearGradient id="mid" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#5d7a78" /><stop offset="1" stop-color="#9aa093" /></linearGradient>
      <linearGradient id="near" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#2c5750" /><stop offset="1" stop-color="#1a3d36" /></linearGradient>
      <linearGradient id="water" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#e6b795" /><stop offset=".5" stop-color="#8ba09a" /><stop offset="1" stop-color="#2f5a54" /></linearGradient>
      <radialGradient id="sunrise"><stop offset="0" stop-color="#fff6df" /><stop offset=".25" stop-color="#ffe3ad" stop-opacity=".9" /><stop offset="1" stop-color="#ffe3ad" stop-opacity="0" /></radialGradient>
    </defs>
    <rect width="1440" height="720" fill="url(#sky)" />
    <circle cx="1010" cy="290" r="330" fill="url(#sunrise)" /><circle cx="1010" cy="290" r="52" fill="#fff3d2" />
    <path d="M520 470 640 380 700 410 810 280 880 350 930 320 1040 440 1130 360 1210 410 1330 300 1440 380V520H520z" fill="url(#far)" opacity=".8" />
    <path d="M0 500 120 430 240 460 400 330 520 430 640 400 760 480 900 430 1000 480 1160 390 1300 470 1440 420V560H0z" fill="url(#mid)" opacity=".85" />
    <path d="M810 280 880 350 850 352 826 330 806 350 780 318z" fill="#fff" opacity=".55" /><path d="M400 330 440 364 416 372 396 356 372 374 350 372z" fill="#fff" opacity=".5" />
    <rect y="516" width="1440" height="204" fill="url(#water)" />
    {[530, 548, 570, 598, 634].map((y, i) => <path key={y} d={`M${940 - i * 14} ${y}h${150 + i * 26}`} stroke="#fff1d0" stroke-width={3 + i} stroke-linecap="round" opacity={0.75 - i * 0.12} />)}
    {[560, 610, 660].map((y, i) => <path key={y} d={`M${180 + i * 210} ${y}h${120 - i * 16}`} stroke="#fff" stroke-width="2" stroke-linecap="round" opacity=".22" />)}
    <path d="M1440 470V720H860C960 690 1010 640 1110 612 1180 592 1220 540 1290 520 1350 504 1390 480 1440 470z" fill="url(#near)" />
    {[[1210, 566, 1], [1250, 540, 1.3], [1296, 530, 1], [1340, 516, 1.5], [1392, 498, 1.2], [1150, 600, 0.8]].map(([x = 0, y = 0, size = 1]) => <path key={x} d={`M${x} ${y - 60 * size}l${16 * size} ${40 * size}h${-8 * size}l${14 * size} ${32 * size}h${-44 * size}l${14 * size} ${-32 * size}h${-8 * size}z`} fill="#12302a" />)}
    <path d="M1090 622l34-40 34 40z" fill="#d97a35" /><path d="M1124 582l34 40h-18z" fill="#a9532d" />
  </svg>
);
