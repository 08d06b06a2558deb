// Scenes, 320 x 200: pictures for things that have none of their own. The sky is the background of .scene; the subject keeps to the middle
// half of the height, so that a wide crop never cuts it. Load this file lazily.
import type { ReactNode } from "react";

export const scenes = {
  peaks: (
    <>
      <circle className="sun" cx="196" cy="84" r="25" />
      <g className="lit" opacity=".4">
        <path d="M18 74h58a8 8 0 0 0-13-6 15 15 0 0 0-27-2 10 10 0 0 0-18 8zM262 66h44a6 6 0 0 0-10-5 12 12 0 0 0-21-1 8 8 0 0 0-13 6z" />
      </g>
      <path className="far" d="M0 200v-72l34-24 24 16 52-62 42 54 30-20 24 24 38-36 48 44 28-16v92z" />
      <path className="lit" d="M110 58L88 84l8-3 8 9 8-9 9 7 6-5zM244 80l-14 13h6l7 7 6-6 8 4z" />
      <path className="mid" d="M0 200v-48l40-16 34 22 54-40 42 40 44-26 48 32 58-24v60z" />
      <path className="lit" opacity=".8" d="M128 118l-13 10 6-1 6 6 7-5 6 2z" />
      <path className="near" d="M0 200v-22q80-16 160-4t160-8v34z" />
      <path
        className="near"
        d="M12 160l5.5 9.2h-2.1l4.6 8.4h-2.5l5.5 10.1H1.1l5.5-10.1h-2.5l4.6-8.4h-2.1zM30 149.8l6.8 11.4h-2.6l5.7 10.4h-3.1l6.8 12.5H16.5l6.8-12.5h-3.1l5.7-10.4h-2.6zM44 139.6l8.1 13.6h-3.1l6.8 12.4h-3.7l8.1 14.9H27.9l8.1-14.9h-3.7l6.8-12.4h-3.1zM84 160l5.5 9.2h-2.1l4.6 8.4h-2.5l5.5 10.1H73.1l5.5-10.1h-2.5l4.6-8.4h-2.1zM232 149.8l6.8 11.4h-2.6l5.7 10.4h-3.1l6.8 12.5H218.5l6.8-12.5h-3.1l5.7-10.4h-2.6zM250 139.6l8.1 13.6h-3.1l6.8 12.4h-3.7l8.1 14.9H233.9l8.1-14.9h-3.7l6.8-12.4h-3.1zM272 160l5.5 9.2h-2.1l4.6 8.4h-2.5l5.5 10.1H261.1l5.5-10.1h-2.5l4.6-8.4h-2.1zM300 149.8l6.8 11.4h-2.6l5.7 10.4h-3.1l6.8 12.5H286.5l6.8-12.5h-3.1l5.7-10.4h-2.6zM314 139.6l8.1 13.6h-3.1l6.8 12.4h-3.7l8.1 14.9H297.9l8.1-14.9h-3.7l6.8-12.4h-3.1z"
      />
    </>
  ),
  sea: (
    <>
      <g className="lit">
        <circle cx="24" cy="24" r="1.2" />
        <circle cx="66" cy="40" r="1" />
        <circle cx="128" cy="22" r="1.4" />
        <circle cx="178" cy="46" r="1" />
        <circle cx="276" cy="26" r="1.2" />
        <circle cx="300" cy="62" r="1" />
        <circle cx="150" cy="74" r="1" />
      </g>
      <circle className="sun" cx="92" cy="88" r="25" />
      <path className="beam" d="M238 66L-10 26v72zM238 66l100-22v40z" />
      <path className="far" d="M0 116h320v84H0z" />
      <path
        className="sun"
        opacity=".55"
        d="M74 121h36v2.500H74zM66 128h20v2.500H66zM92 128h26v2.500H92zM78 135h34v2.500H78zM86 142h14v2.500H86z"
      />
      <path className="near" d="M34 126h26l-5 7H39zM46 124V98l13 24zM44 124V104l-9 18z" />
      <path className="mid" d="M172 132l14-12 16 4 14-13 26-4 18 10 12-6 20 14 28 4v60H160z" />
      <path className="lit" d="M231.500 73h13l5.500 38h-24z" />
      <path className="near" d="M229 62h18v9h-18zM238 48l13 12h-26zM229.800 84h16.400l1.500 10h-19.400zM252 103h16v10h-16z" />
      <path className="lit" d="M257 106h5v4h-5z" />
      <path className="mid" d="M0 152q40-12 80 0t80 0 80 0 80 0v48H0z" />
      <path className="lit" opacity=".28" d="M150 150q16 5 30 0t30 0 30 0v2.500q-16 5-30 0t-30 0-30 0z" />
      <path className="near" d="M0 176q40-12 80 0t80 0 80 0 80 0v24H0z" />
    </>
  ),
  city: (
    <>
      <circle className="sun" cx="136" cy="92" r="40" />
      <g className="lit" opacity=".35">
        <path d="M196 40h70v4h-70zM214 50h76v3h-76zM30 64h54v4H30zM44 74h60v3H44z" />
      </g>
      <path className="far" d="M8 200V104h26V200z" />
      <path className="far" d="M40 200V130h34V200z" />
      <path className="far" d="M80 200V82h22V200z" />
      <path className="far" d="M206 200V76h30V200z" />
      <path className="far" d="M246 200V112h26V200z" />
      <path className="far" d="M282 200V92h34V200z" />
      <path className="mid" d="M-4 200V140h30V200z" />
      <path className="mid" d="M30 200V108h26V200z" />
      <path className="mid" d="M62 200V144h34V200z" />
      <path className="mid" d="M108 200V122h28V200z" />
      <path className="mid" d="M184 200V134h28V200z" />
      <path className="mid" d="M222 200V106h30V200z" />
      <path className="mid" d="M262 200V138h30V200z" />
      <path className="mid" d="M298 200V116h30V200z" />
      <path className="near" d="M10 200V166h40V200z" />
      <path className="near" d="M58 200V142h30V200z" />
      <path className="near" d="M96 200V170h44V200z" />
      <path className="near" d="M190 200V166h40V200z" />
      <path className="near" d="M238 200V144h26V200z" />
      <path className="near" d="M270 200V172h52V200z" />
      <path className="lit" d="M36 120h4v5h-4z" />
      <path className="lit" d="M103 149h4v5h-4z" />
      <path className="lit" d="M170 178h4v5h-4z" />
      <path className="lit" d="M237 143h4v5h-4z" />
      <path className="lit" d="M44 172h4v5h-4z" />
      <path className="lit" d="M111 137h4v5h-4z" />
      <path className="lit" d="M178 166h4v5h-4z" />
      <path className="lit" d="M245 131h4v5h-4z" />
      <path className="lit" d="M52 160h4v5h-4z" />
      <path className="lit" d="M119 125h4v5h-4z" />
      <path className="lit" d="M186 154h4v5h-4z" />
      <path className="lit" d="M253 183h4v5h-4z" />
      <path className="lit" d="M60 148h4v5h-4z" />
      <path className="lit" d="M127 177h4v5h-4z" />
      <path className="lit" d="M194 142h4v5h-4z" />
      <path className="lit" d="M261 171h4v5h-4z" />
      <path className="lit" d="M68 136h4v5h-4z" />
      <path className="lit" d="M135 165h4v5h-4z" />
      <path className="lit" d="M202 130h4v5h-4z" />
      <path className="lit" d="M269 159h4v5h-4z" />
      <path className="lit" d="M76 124h4v5h-4z" />
      <path className="lit" d="M143 153h4v5h-4z" />
      <path className="lit" d="M210 182h4v5h-4z" />
      <path className="lit" d="M277 147h4v5h-4z" />
      <path className="lit" opacity=".5" d="M150 200l6-34h8l6 34z" />
    </>
  ),
  planet: (
    <>
      <circle className="lit" cx="0" cy="0" r="1.7" />
      <circle className="lit" cx="97" cy="61" r="0.9" />
      <circle className="lit" cx="194" cy="122" r="0.9" />
      <circle className="lit" cx="291" cy="33" r="0.9" />
      <circle className="lit" cx="68" cy="94" r="0.9" />
      <circle className="lit" cx="165" cy="5" r="1.7" />
      <circle className="lit" cx="262" cy="66" r="0.9" />
      <circle className="lit" cx="39" cy="127" r="0.9" />
      <circle className="lit" cx="136" cy="38" r="0.9" />
      <circle className="lit" cx="233" cy="99" r="0.9" />
      <circle className="lit" cx="10" cy="10" r="1.7" />
      <circle className="lit" cx="107" cy="71" r="0.9" />
      <circle className="lit" cx="204" cy="132" r="0.9" />
      <circle className="lit" cx="301" cy="43" r="0.9" />
      <circle className="lit" cx="78" cy="104" r="0.9" />
      <circle className="lit" cx="175" cy="15" r="1.7" />
      <circle className="lit" cx="272" cy="76" r="0.9" />
      <circle className="lit" cx="49" cy="137" r="0.9" />
      <circle className="lit" cx="146" cy="48" r="0.9" />
      <circle className="lit" cx="243" cy="109" r="0.9" />
      <circle className="lit" cx="20" cy="20" r="1.7" />
      <circle className="lit" cx="117" cy="81" r="0.9" />
      <circle className="lit" cx="214" cy="142" r="0.9" />
      <circle className="lit" cx="311" cy="53" r="0.9" />
      <circle className="lit" cx="88" cy="114" r="0.9" />
      <circle className="lit" cx="185" cy="25" r="1.7" />
      <circle className="lit" cx="282" cy="86" r="0.9" />
      <circle className="lit" cx="59" cy="147" r="0.9" />
      <circle className="lit" cx="156" cy="58" r="0.9" />
      <circle className="lit" cx="253" cy="119" r="0.9" />
      <circle className="far" cx="206" cy="92" r="62" />
      <path className="mid" d="M206 30a62 62 0 0 1 0 124c22-30 22-94 0-124z" />
      <path
        className="sun"
        d="M118 128c-10-16 150-88 184-62 16 14-22 44-60 62l-4-8c30-16 56-38 46-46-26-16-158 42-152 54 4 6 20 4 30 2l4 8c-20 6-40 6-48-10z"
      />
      <circle className="lit" cx="72" cy="52" r="15" />
      <path className="near" d="M0 200v-30q60-22 130-8t190-14v52z" />
    </>
  ),
  forest: (
    <>
      <circle className="sun" cx="206" cy="80" r="27" />
      <circle className="sun" opacity=".25" cx="206" cy="80" r="42" />
      <path
        className="far"
        d="M20 81.8l14.3 24.2h-5.5l12.1 22h-6.6l14.3 26.4H-8.6l14.3-26.4h-6.6l12.1-22h-5.5zM58 87.8l14.3 24.2h-5.5l12.1 22h-6.6l14.3 26.4H29.4l14.3-26.4h-6.6l12.1-22h-5.5zM92 93.8l14.3 24.2h-5.5l12.1 22h-6.6l14.3 26.4H63.4l14.3-26.4h-6.6l12.1-22h-5.5zM130 81.8l14.3 24.2h-5.5l12.1 22h-6.6l14.3 26.4H101.4l14.3-26.4h-6.6l12.1-22h-5.5zM164 87.8l14.3 24.2h-5.5l12.1 22h-6.6l14.3 26.4H135.4l14.3-26.4h-6.6l12.1-22h-5.5zM206 93.8l14.3 24.2h-5.5l12.1 22h-6.6l14.3 26.4H177.4l14.3-26.4h-6.6l12.1-22h-5.5zM240 81.8l14.3 24.2h-5.5l12.1 22h-6.6l14.3 26.4H211.4l14.3-26.4h-6.6l12.1-22h-5.5zM280 87.8l14.3 24.2h-5.5l12.1 22h-6.6l14.3 26.4H251.4l14.3-26.4h-6.6l12.1-22h-5.5zM312 93.8l14.3 24.2h-5.5l12.1 22h-6.6l14.3 26.4H283.4l14.3-26.4h-6.6l12.1-22h-5.5z"
      />
      <path className="mid" d="M0 200v-58q80 16 160 2t160 6v50z" />
      <path
        className="mid"
        d="M34 77l19.5 33h-7.5l16.5 30h-9l19.5 36H-5l19.5-36h-9l16.5-30h-7.5zM112 85l19.5 33h-7.5l16.5 30h-9l19.5 36H73l19.5-36h-9l16.5-30h-7.5zM186 77l19.5 33h-7.5l16.5 30h-9l19.5 36H147l19.5-36h-9l16.5-30h-7.5zM262 85l19.5 33h-7.5l16.5 30h-9l19.5 36H223l19.5-36h-9l16.5-30h-7.5z"
      />
      <path className="near" d="M0 200v-24q80-14 160 0t160-6v30z" />
      <path
        className="near"
        d="M-4 78.2l24.7 41.8h-9.5l20.9 38h-11.4l24.7 45.6H-53.4l24.7-45.6h-11.4l20.9-38h-9.5zM74 78.2l24.7 41.8h-9.5l20.9 38h-11.4l24.7 45.6H24.6l24.7-45.6h-11.4l20.9-38h-9.5zM246 78.2l24.7 41.8h-9.5l20.9 38h-11.4l24.7 45.6H196.6l24.7-45.6h-11.4l20.9-38h-9.5zM316 78.2l24.7 41.8h-9.5l20.9 38h-11.4l24.7 45.6H266.6l24.7-45.6h-11.4l20.9-38h-9.5z"
      />
    </>
  ),
  dunes: (
    <>
      <circle className="sun" cx="160" cy="82" r="42" />
      <circle className="sun" cx="160" cy="82" r="62" opacity=".25" />
      <g className="near">
        <path d="M52 60q6-6 10 0 4-6 10 0-6-2-10 3-4-5-10-3zM84 44q5-5 8 0 3-5 8 0-5-2-8 2-3-4-8-2z" />
      </g>
      <path className="far" d="M0 200v-70q70-34 140-6t180-14v90z" />
      <path className="near" d="M148 126V52l16-10 16 10v74z" />
      <path className="lit" opacity=".55" d="M164 42l16 10v74h-16z" />
      <path className="mid" d="M0 200v-44q90-46 180-14t140 6v52z" />
      <path className="near" d="M0 200v-12q110-44 190-20t130-4v36z" />
    </>
  ),
  gate: (
    <>
      <circle className="sun" cx="160" cy="92" r="56" />
      <g className="lit" opacity=".45">
        <path d="M14 66h66a9 9 0 0 0-14-8 16 16 0 0 0-30-2 11 11 0 0 0-22 10zM250 44h58a8 8 0 0 0-13-6 15 15 0 0 0-27-2 10 10 0 0 0-18 8z" />
      </g>
      <path className="far" d="M0 200v-64l30-20 26 16 34-30 30 22 34-18 40 26 32-22 36 24 30-18 28 16v68z" />
      <path className="mid" d="M0 200v-58h12v-10h14v10h14v-10h14v10h212v-10h14v10h14v-10h14v10h12v58z" />
      <path className="mid" d="M84 200V84h44v116zM192 200V84h44v116zM128 200v-76h64v76z" />
      <path className="near" d="M78 88l28-46 28 46zM186 88l28-46 28 46zM124 128v-12h10v6h10v-6h10v6h12v-6h10v6h10v-6h10v12z" />
      <path className="sun" d="M106 42V28l20 6-20 6zM214 42V28l20 6-20 6z" />
      <path className="near" d="M142 200v-32a18 18 0 0 1 36 0v32z" />
      <path className="sun" opacity=".9" d="M147 200v-30a13 13 0 0 1 26 0v30z" />
      <path className="near" d="M152 160h3v40h-3zM159 158h3v42h-3zM166 160h3v40h-3z" />
      <path className="lit" d="M101 102h9v14h-9zM209 102h9v14h-9zM101 136h9v14h-9zM209 136h9v14h-9zM24 156h7v10h-7zM288 156h7v10h-7z" />
      <path className="near" d="M0 200v-12q76-12 142 12zM320 200v-12q-76-12-142 12z" />
    </>
  ),
  road: (
    <>
      <circle className="sun" cx="160" cy="92" r="44" />
      <g className="lit" opacity=".4">
        <path d="M20 38h80v4H20zM48 48h74v3H48zM214 58h84v4h-84zM232 68h52v3h-52z" />
      </g>
      <path className="far" d="M0 108l44-30 40 24 40-18 60 24 50-34 86 34v92H0z" />
      <path className="mid" d="M0 116h320v84H0z" />
      <path className="near" d="M152 116h16l94 84H58z" />
      <path className="lit" d="M158.500 124h3l2 12h-7zM156 144h8l3 18h-14zM152 172h16l5 28h-26z" />
      <path className="lit" opacity=".5" d="M0 128h120l-8 6H0zM200 128h120v6H208zM0 156h84l-10 8H0zM236 156h84v8h-74z" />
    </>
  ),
  cavern: (
    <>
      <path className="far" d="M0 0h320v200H0z" />
      <circle className="sun" cx="160" cy="122" r="76" opacity=".35" />
      <circle className="sun" cx="160" cy="122" r="50" opacity=".4" />
      <path
        className="mid"
        d="M0 0h320v70l-22-24-16 52-20-58-22 34-20-46-18 30-16-34-22 44-20-40-22 70-24-66-22 36-22-40-18 60-18-46-18 30z"
      />
      <path className="mid" d="M0 200v-46l24 10 20-22 26 26 30-10 20 14 40-8 44 10 26-18 22 16 28-22 20 16 20-10v44z" />
      <path className="sun" d="M160 66l26 60-26 58-26-58z" />
      <path className="lit" d="M160 66l26 60h-20l-6 58z" />
      <path className="sun" d="M104 118l14 32-14 30-14-30zM222 106l16 38-16 36-16-36z" />
      <path className="lit" d="M104 118l14 32h-10l-4 30zM222 106l16 38h-12l-4 36z" />
      <path
        className="near"
        d="M0 0h320v22l-30 26-14-30-26 22-20-28-34 16-26-20-28 18-26-18-26 34-24-30-30 20-22-14-24 30-20-20zM0 200v-24l50 10 40-8 70 12 64-12 46 8 50-12v26z"
      />
      <g className="lit">
        <circle cx="70" cy="96" r="1.500" />
        <circle cx="128" cy="60" r="1.500" />
        <circle cx="254" cy="88" r="1.500" />
        <circle cx="196" cy="52" r="1.200" />
        <circle cx="280" cy="120" r="1.500" />
        <circle cx="46" cy="130" r="1.200" />
      </g>
    </>
  ),
  isles: (
    <>
      <circle className="sun" cx="246" cy="54" r="24" />
      <g className="lit" opacity=".7">
        <path d="M20 60h70a10 10 0 0 0-16-8 18 18 0 0 0-34-2 12 12 0 0 0-20 10zM200 130h80a11 11 0 0 0-18-9 20 20 0 0 0-38-2 14 14 0 0 0-24 11z" />
      </g>
      <path className="mid" d="M84 98h132l-20 34-24 10-14 40-18-34-30-12z" />
      <path className="far" d="M78 98q30-12 72-10t72 10z" />
      <path className="near" d="M128 90V60h28v30zM124 60l18-22 18 22z" />
      <path className="lit" d="M136 70h10v12h-10z" />
      <path className="near" d="M176 92l12-36 12 36z" />
      <path className="mid" d="M20 130h54l-14 18-12 22-14-22zM250 164h56l-16 16-12 18-12-18z" />
      <path className="far" d="M16 130q28-10 62 0zM246 164q30-10 64 0z" />
    </>
  ),
} satisfies Record<string, ReactNode>;

export type SceneName = keyof typeof scenes;
