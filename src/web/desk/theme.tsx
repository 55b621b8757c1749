/** antd in the colours of tokens.ts; its styles carry the nonce of the page. */
import { StyleProvider } from '@ant-design/cssinjs';
import { ConfigProvider, type ThemeConfig, theme } from 'antd';
import enUS from 'antd/es/locale/en_US.js';
import type { Locale } from 'antd/es/locale/index.js';
import zhCN from 'antd/es/locale/zh_CN.js';
import { type ReactNode, useMemo } from 'react';
import { useLocation } from 'react-router';
import { type Language, languageOf } from '../i18n/language.ts';
import { useShownTheme } from '../shell/theme.ts';
import { fontFamily, themes } from '../tokens.ts';

/** The compiler takes antd's files for CommonJS, whose default would be the module; the bundler gives the locale itself. */
const locales = { zh: zhCN, en: enUS } as unknown as Readonly<Record<Language, Locale>>;

const nonce = (): string => document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';

/** Scroll lock and measuring insert style elements without the nonce; from here on every one has it. */
export function allowStyles(): void {
  const make = document.createElement.bind(document);
  document.createElement = ((name: string, options?: ElementCreationOptions) => {
    const element = make(name, options);
    if (name.toLowerCase() === 'style') element.setAttribute('nonce', nonce());
    return element;
  }) as typeof document.createElement;
}

function configOf(name: 'light' | 'dark'): ThemeConfig {
  const c = themes[name];
  return {
    ...(name === 'dark' ? { algorithm: theme.darkAlgorithm } : {}),
    hashed: false,
    cssVar: { key: `yg-${name}` },
    token: {
      colorPrimary: c.primary,
      colorPrimaryHover: c.hover,
      colorPrimaryActive: c.active,
      colorPrimaryBg: c.primarySoft,
      colorBgLayout: c.bg,
      colorBgContainer: c.surface,
      colorBgElevated: c.raised,
      colorFillSecondary: c.sunken,
      colorFillTertiary: c.sunken,
      colorTextLightSolid: c.onPrimary,
      colorBorder: c.edge,
      colorBorderSecondary: c.line,
      colorSplit: c.line,
      colorLink: c.primary,
      colorLinkHover: c.hover,
      colorSuccess: c.ok,
      colorSuccessBg: c.okSoft,
      colorError: c.bad,
      colorErrorBg: c.badSoft,
      colorInfo: c.info,
      colorInfoBg: c.infoSoft,
      colorWarning: c.sun,
      colorWarningText: c.sunText,
      colorWarningBg: c.sunSoft,
      colorText: c.text,
      colorTextSecondary: c.text2,
      colorTextTertiary: c.text3,
      colorTextQuaternary: c.text3,
      colorTextDescription: c.text3,
      colorTextPlaceholder: c.text3,
      colorTextDisabled: c.text3,
      fontFamily,
      fontSize: 16,
      fontSizeSM: 14,
      controlHeight: 44,
      controlHeightSM: 36,
      controlHeightLG: 56,
      borderRadius: 8,
      borderRadiusLG: 12,
      borderRadiusSM: 6,
    },
    components: {
      Button: { primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none' },
      Table: { headerBg: c.sunken },
    },
  };
}

export function DeskTheme({ children }: { children: ReactNode }) {
  const shown = useShownTheme();
  const language = languageOf(useLocation().pathname);
  const config = useMemo(() => configOf(shown), [shown]);
  return (
    <StyleProvider layer>
      <ConfigProvider
        theme={config}
        locale={locales[language]}
        csp={{ nonce: nonce() }}
        button={{ autoInsertSpace: false }}
        wave={{ disabled: true }}
      >
        {children}
      </ConfigProvider>
    </StyleProvider>
  );
}
