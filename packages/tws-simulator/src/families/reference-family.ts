import { contractDetailsEndMessage, contractDetailsMessage, readContractDetails } from '../protocol/contract-details.js';
import { REQUEST } from '../protocol/message-ids.js';
import {
  depthExchangesMessage, marketRuleMessage, newsProvidersMessage, optionParametersEndMessage, readMatchingSymbols, readOptionParameters, readSmartComponents, smartComponentsMessage, symbolSamplesMessage,
} from '../protocol/reference-messages.js';
import { MARKET_RULES } from '../reference/market-rules.js';
import { request, type MessageFamily } from '../server/message-family.js';
import type { World } from '../server/world.js';

const DEPTH_EXCHANGES = [
  ['CME', 'FUT', '', 'Deep', 2147483647], ['COMEX', 'FUT', '', 'Deep', 2147483647], ['ISLAND', 'STK', 'NASDAQ', 'Deep2', 1],
  ['NYSE', 'STK', 'NYSE', 'Deep', 1], ['ARCA', 'STK', 'ARCA', 'Deep', 1], ['BATS', 'STK', '', 'Deep2', 1], ['IDEALPRO', 'CASH', '', 'Deep', 4],
] as const;

const SMART_COMPONENTS = [[0, 'AMEX', 'A'], [1, 'CBOE', 'Z'], [2, 'NYSE', 'N'], [3, 'ARCA', 'P'], [4, 'NASDAQ', 'Q'], [5, 'BATS', 'B'], [6, 'EDGEA', 'J'], [7, 'IEX', 'V']] as const;

/** Contracts, symbols and price rules. */
export function referenceFamily({ catalogue, clock }: World): MessageFamily {
  return {
    name: 'reference',
    requests: [
      request(REQUEST.contractDetails, readContractDetails, (session, { requestId, contract }) => {
        const kinds = ['', 'FUT', 'STK', 'CASH', 'CONTFUT', 'FUT+CONTFUT', 'OPT', 'FOP', 'IND', 'CFD', 'BOND', 'BAG', 'WAR', 'FUND', 'CMDTY', 'NEWS', 'CRYPTO'];
        if (!kinds.includes(contract.securityType)) {
          session.error(requestId, 321, `Error validating request.-'bW' : cause - Please enter a valid security type`);
          return;
        }
        const found = catalogue.find(contract);
        if (found.length === 0) {
          session.error(requestId, 200, 'No security definition has been found for the request');
          return;
        }
        for (const instrument of found) {
          session.send(contractDetailsMessage(requestId, instrument, contract.exchange === '' ? instrument.exchange : contract.exchange, clock.now(), session.serverVersion));
        }
        session.send(contractDetailsEndMessage(requestId));
      }),
      request(REQUEST.matchingSymbols, readMatchingSymbols, (session, { requestId, pattern }) => session.send(symbolSamplesMessage(requestId, catalogue.matching(pattern)))),
      request(REQUEST.marketRule, (reader) => reader.int(), (session, ruleId) => {
        const increments = MARKET_RULES.get(ruleId);
        if (increments === undefined) session.error(-1, 321, `Error validating request.-'cw' : cause - Market rule ${ruleId} is not known`);
        else session.send(marketRuleMessage(ruleId, increments));
      }),
      request(REQUEST.marketDepthExchanges, (reader) => reader.left, (session) => session.send(depthExchangesMessage(DEPTH_EXCHANGES))),
      request(REQUEST.smartComponents, readSmartComponents, (session, { requestId }) => session.send(smartComponentsMessage(requestId, SMART_COMPONENTS))),
      // the login has no news
      request(REQUEST.newsProviders, (reader) => reader.left, (session) => session.send(newsProvidersMessage())),
      request(REQUEST.newsBulletins, (reader) => reader.left, () => undefined),
      request(REQUEST.cancelNewsBulletins, (reader) => reader.left, () => undefined),
      // none of the contracts has options here
      request(REQUEST.optionParameters, readOptionParameters, (session, { requestId }) => session.send(optionParametersEndMessage(requestId))),
    ],
  };
}
